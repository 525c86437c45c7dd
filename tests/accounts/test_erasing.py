"""Forgetting a person: account, record and addresses; what they did keeps its proof under a pseudonym."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from riskreview.accounts.erasing import Erasure, still_named
from riskreview.accounts.models import User
from riskreview.accounts.roles import Role
from riskreview.audit import checking
from riskreview.audit.channel import Channel, acting_through
from riskreview.audit.models import Entry, Ledger
from riskreview.audit.refusals import NotAllowed, NotNow
from tests import expect, make
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
BASIS = "GDPR Article 17(1)(a)"


@pytest.fixture
def adam(invite):
    """Administers."""
    return invite("Adam", Role.ADMINISTRATOR)


@pytest.fixture
def zelda(invite):
    """Reviewed once, and asks to be forgotten."""
    return invite('Zelda "Zed" Quirk_1', Role.REVIEWER)


@pytest.fixture
def past(zelda, alice, api, sign_log):
    """What Zelda did, and what was written about her."""
    sign_log()
    api(zelda)
    with acting_through(Channel(via="web", address="192.0.2.77", agent="Zelda's browser")):
        vendor = make.vendor("Quaint", by=zelda)
    vendor.describe(by=alice, summary=f"{zelda.name} knows more.")
    vendor.describe(by=alice, summary="Nothing to add.")
    return vendor


def everything():
    """Every value in every table, as text; bytes as the words they may hold."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield from (
                    bytes(v).decode(errors="replace") if isinstance(v, bytes | memoryview) else str(v) for v in row
                )


def test_the_account_forgets(zelda, adam):
    with expect.one_entry("user.erase", by=adam, about=zelda):
        zelda.erase(by=adam, basis=BASIS)
    assert (zelda.name, zelda.email) == ("Erased person", f"erased-{zelda.pk}@riskreview.invalid")
    assert (zelda.roles, zelda.is_active, zelda.has_usable_password()) == ([], False, False)


def test_the_entry_of_forgetting_remembers_nothing(zelda, adam):
    zelda.erase(by=adam, basis=BASIS)
    told = bytes(Entry.objects.about(zelda).newest_first()[0].body.body).decode()
    assert "Quirk" not in told
    assert BASIS in told


def test_it_needs_a_basis_and_an_administrator(zelda, adam, alice):
    with expect.refusal(NotNow, zelda, match="legal basis"):
        zelda.erase(by=adam, basis="")
    with expect.refusal(NotAllowed, zelda):
        zelda.erase(by=alice, basis=BASIS)


def test_everything_that_names_the_person_is_found(zelda, past):
    erasure = Erasure.of(zelda)
    verbs = sorted(Entry.objects.filter(uuid__in=erasure.bodies).values_list("verb", flat=True))
    # The third describes the change away from the sentence, and so holds it too.
    assert verbs == ["apitoken.issue", "user.invite", "vendor.describe", "vendor.describe"]
    assert list(Entry.objects.filter(uuid__in=erasure.traces).values_list("verb", flat=True)) == ["vendor.register"]


def test_a_short_name_is_not_found_inside_other_words(invite, alice):
    li = invite("Li", Role.READER)
    make.vendor("Delivery Hero", by=alice)
    make.vendor("Alibaba", by=alice).describe(by=alice, summary="Ask\nLi about it.")
    verbs = Entry.objects.filter(uuid__in=Erasure.of(li).bodies).values_list("verb", flat=True)
    assert sorted(verbs) == ["user.invite", "vendor.describe"]


def test_entries_can_be_kept_when_they_name_somebody_else(zelda, past):
    every = Erasure.of(zelda).bodies
    assert set(Erasure.of(zelda, every[:2]).bodies) == set(every[2:])


def test_afterwards_no_table_holds_name_address_or_program(zelda, past, adam, sign_log):
    before = " ".join(everything())
    assert all(words in before for words in ("Quirk", "192.0.2.77", "Zelda's browser"))
    sign_log()
    Erasure.of(zelda).carry_out(by=adam, basis=BASIS, now=NOW)
    sign_log()
    after = " ".join(everything())
    assert [
        words
        for words in ("Quirk", "quirk", zelda.email, "192.0.2.77", "Zelda")
        if words in after.replace(str(zelda.pk), "")
    ] == []
    assert checking.check().problems == []


def test_a_hold_stops_all_of_it(zelda, past, adam):
    Ledger.objects.the().place_hold(by=adam, subject_type="vendor", subject_id=str(past.pk), reason="Proceeding")
    with pytest.raises(NotNow, match="legal hold"):
        Erasure.of(zelda).carry_out(by=adam, basis=BASIS, now=NOW)
    assert User.objects.get(pk=zelda.pk).name.startswith("Zelda")
    assert Entry.objects.get(verb="user.invite", subject_id=str(zelda.pk)).private


def test_words_that_people_wrote_are_pointed_at(zelda, alice):
    case = make.case(by=alice, question=f"Is {zelda.name} right?")
    assert ("cases.Case", case.pk, "question") in list(still_named((zelda.name, zelda.email)))


def test_the_command_shows_first(zelda, past, adam, capsys):
    call_command("erase", zelda.email, by=adam.email, basis=BASIS)
    told = capsys.readouterr().out
    assert "Nothing was erased. Say --yes" in told
    assert "user.invite" in told
    assert User.objects.filter(pk=zelda.pk, name=zelda.name).exists()


def test_the_command_erases(zelda, past, adam, capsys):
    call_command("erase", zelda.email, by=adam.email, basis=BASIS, yes=True)
    assert "are erased" in capsys.readouterr().out
    assert User.objects.get(pk=zelda.pk).name == "Erased person"


def test_the_command_refuses_whom_it_must(zelda, alice):
    with pytest.raises(CommandError, match="Only administrators"):
        call_command("erase", zelda.email, by=alice.email, basis=BASIS, yes=True)
    assert Entry.objects.get(kind="refusal", verb="user.erase").actor == alice
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("erase", "nobody@example.org", by=alice.email, basis=BASIS)


def test_a_token_is_closed_and_forgotten(zelda, adam, api):
    api(zelda)
    token = zelda.tokens.get()
    with expect.one_entry("apitoken.forget", by=adam, about=token):
        token.forget(by=adam, basis=BASIS, now=NOW)
    assert (token.name, token.revoked_at) == ("Erased token", NOW)
