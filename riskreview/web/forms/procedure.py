"""The forms with which a case goes through its playbook."""

from __future__ import annotations

from typing import Any

from django import forms

from riskreview.accounts.models import User
from riskreview.cases import playbook
from riskreview.cases.playbook import Shipped, vocabulary
from riskreview.lib.datafile import words as in_words

from .base import VerbForm, words
from .picking import DocumentField

PREFERRED = "internal_review"
EVERYBODY = User.objects.people().filter(is_active=True)


def playbooks(none: str = "") -> list[tuple[str, str]]:
    """Every playbook with one sentence about it; before them, if that may be, none."""
    offered = [(key, sentence(each)) for key, each in playbook.newest().items()]
    return [*([("", none)] if none else []), *offered]


def sentence(shipped: Shipped) -> str:
    """A playbook in one sentence: its title, and what it is or rests on."""
    made = shipped.playbook
    told = made.note.partition(". ")[0].rstrip(".") or ", ".join(made.authority[:2])
    return f"{made.title}: {told}." if told else made.title


class EnterStage(VerbForm):
    """On, or back."""

    verb, heading, button, icon = "enter_stage", "Go to another stage", "Go there", "arrow-right"
    explained = "The way on asks for everything above. The way back asks for a reason; no time starts anew."

    stage = forms.ChoiceField(label="Stage")
    reason = forms.CharField(widget=words(2), required=False, max_length=2_000, help_text="Needed on the way back.")

    def prepare(self) -> None:
        """The stages that the present one leads to, and those before it that were visited."""
        on = [(each.key, f"On to {each.title}") for each in self.subject.may_go()]
        back = [(each.key, f"Back to {each.title}") for each in reversed(self.subject.may_go_back())]
        self.fields["stage"].choices = [*on, *back]  # type: ignore[attr-defined]


class CountersignStage(VerbForm):
    """The second person."""

    verb, heading, button, icon = "countersign_stage", "Sign as second person", "Sign this stage", "signature"
    explained = "You say that what was done at this stage is right. Another paper for it takes your signature away."


class Seat(VerbForm):
    """Who sits where."""

    verb, heading, button, icon = "seat", "Give somebody a seat", "Seat", "user-plus"
    explained = "Whoever holds a stage moves the case on from it. Those who sign are seated by a lead."

    role = forms.ChoiceField(label="Seat")
    user = forms.ModelChoiceField(queryset=User.objects.none(), label="Who")  # type: ignore[assignment]

    def prepare(self) -> None:
        """The seats of the playbook first; everybody who is here."""
        held = dict.fromkeys(each.owner for each in self.subject.rules.stage)
        roles = [*held, *(each for each in vocabulary.ROLES if each not in held)]
        self.fields["role"].choices = [(each, in_words(each)) for each in roles]  # type: ignore[attr-defined]
        self.fields["user"].queryset = EVERYBODY.order_by("name")  # type: ignore[attr-defined]


class Unseat(VerbForm):
    """A seat, taken back."""

    verb, heading, button, icon = "unseat", "Take a seat back", "Take it back", "x"

    role = forms.ChoiceField(label="Seat", choices=[(each, in_words(each)) for each in vocabulary.ROLES])
    user = forms.ModelChoiceField(queryset=User.objects.none(), label="Who")  # type: ignore[assignment]

    def prepare(self) -> None:
        """Whoever has an account, dismissed or not."""
        self.fields["user"].queryset = User.objects.people().order_by("name")  # type: ignore[attr-defined]


class AttachOutput(VerbForm):
    """A paper of the playbook."""

    verb, heading, button, icon = "attach_output", "Attach a paper", "Attach", "paperclip"
    explained = "Bring the document into the archive first; then name it here."

    output = forms.ChoiceField(label="Paper")
    document = DocumentField(label="Its document", required=True)

    def prepare(self) -> None:
        """The papers that any stage asks for."""
        self.fields["output"].choices = [(each, in_words(each)) for each in self.subject.papers()]  # type: ignore[attr-defined]


class StateParticular(VerbForm):
    """A field of the playbook."""

    verb, heading, button, icon = "state_particular", "Fill in a field", "Save", "file-text"

    field = forms.ChoiceField(label="Field")
    text = forms.CharField(widget=words(), max_length=4_000)

    def prepare(self) -> None:
        """The fields that any stage asks for and the case has no column for."""
        asked = self.subject.particulars_asked()
        self.fields["field"].choices = [(each, in_words(each)) for each in asked]  # type: ignore[attr-defined]


class AdoptPlaybook(VerbForm):
    """Another playbook, or another version."""

    verb, heading, button, icon = "adopt_playbook", "Take up another playbook", "Take it up", "git-merge"

    playbook = forms.ChoiceField(widget=forms.HiddenInput)
    reason = forms.CharField(widget=words(2), max_length=2_000)

    def prepare(self) -> None:
        """The newest version of each."""
        self.fields["playbook"].choices = playbooks()  # type: ignore[attr-defined]


class NewRound(VerbForm):
    """Begun anew."""

    verb, heading, button, icon = "new_round", "Begin a new round", "Begin a new round", "rotate-cw"
    explained = (
        "As when a filing is withdrawn and made again: what was dated and answered so far belongs to this round."
    )

    reason = forms.CharField(widget=words(2), max_length=2_000)


FORMS: dict[str, Any] = {
    form.verb: form
    for form in (
        *(EnterStage, CountersignStage, Seat, Unseat, AttachOutput, StateParticular, AdoptPlaybook),
        NewRound,
    )
}
