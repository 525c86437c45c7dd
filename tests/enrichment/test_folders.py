"""Drop folders: read where the files lie, moved aside afterwards, nothing outside is ever touched."""

import pytest

from riskreview.enrichment import folders
from riskreview.enrichment.sources import Misset


@pytest.fixture
def root(tmp_path, settings):
    settings.DROP_ROOT = str(tmp_path)
    place = tmp_path / "letters"
    (place / "new").mkdir(parents=True)
    return place


def put(root, name, body=b"x"):
    (root / name).write_bytes(body)


def test_files_wait_in_the_order_of_their_names(root):
    for name in ("2.eml", "1.eml", "new/0.eml", ".hidden"):
        put(root, name)
    assert list(folders.waiting("folder:letters")) == [
        "folder:letters/1.eml",
        "folder:letters/2.eml",
        "folder:letters/new/0.eml",
    ]


def test_a_file_is_moved_aside_once_it_is_read(root):
    put(root, "1.eml")
    for _ in range(2):
        folders.move_aside("folder:letters/1.eml", "done")
    assert (root / "done" / "1.eml").read_bytes() == b"x"
    assert list(folders.waiting("folder:letters")) == []


def test_a_file_that_could_not_be_read_can_be_read_again(root):
    put(root, "1.eml")
    folders.move_aside("folder:letters/1.eml", "failed")
    assert folders.path_of("folder:letters/1.eml") == root / "failed" / "1.eml"


@pytest.mark.parametrize("name", ["../secret", "new/../../secret", "nothing.eml", "", "linked"])
def test_nothing_outside_the_folder_is_read(root, name):
    (root.parent / "secret").write_text("secret")
    (root / "linked").symlink_to(root.parent / "secret")
    with pytest.raises(Misset, match="not in the folder"):
        folders.path_of(f"folder:letters/{name}")


@pytest.mark.parametrize("address", ["folder:none", "folder:..", "folder:letters/x"])
def test_a_folder_that_is_not_there_says_so(root, address):
    with pytest.raises(Misset, match="drop folder"):
        folders.folder(address)


def test_without_a_drop_folder_there_are_none(settings):
    settings.DROP_ROOT = ""
    with pytest.raises(Misset, match="drop folder"):
        folders.folder("folder:letters")
