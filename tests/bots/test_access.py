"""No document outside the rights of where it is asked, in anything that anybody sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.bots.conftest import ANAS, CLOSED, OPEN, SHARED
from tests.bots.driver import ANA, BO, EVE, Driver, find, wait_for
from tests.bots.limits import read
from tests.service.library import SECRETS

BUDGET = "What does the handover note say that {word} costs and names?"
WORDS = {name: word for name, (_, word, _) in SECRETS.items()}
MAY = {
    OPEN: set(),
    SHARED: set(),  # another organisation takes part, whatever the settings say
    CLOSED: {"internal", "haiti"},
}
PEOPLE = {ANA: {"internal"}, BO: {"haiti"}, EVE: set()}


def hidden_from(may: set[str]) -> list[str]:
    """Return the words, ids and countries that must not be seen with some rights."""
    return [
        text
        for name, (doc_id, word, country) in SECRETS.items()
        if name not in may
        for text in (word, word.lower(), doc_id, country)
    ]


def assert_hidden(seen: Any, may: set[str], *questions: str) -> None:
    """Hold everything that was seen to some rights; what was asked is left out."""
    text = json.dumps(seen, ensure_ascii=False)
    for question in questions:
        text = text.replace(question, "")
    for secret in hidden_from(may):
        assert secret not in text, secret


@pytest.mark.parametrize("channel", [OPEN, SHARED, CLOSED])
@pytest.mark.parametrize("name", [*WORDS, "everything"])
def test_a_channel_sees_what_it_may(driver: Driver, channel: str, name: str) -> None:
    question = "handover note names the tasks of focal points who leave programme costs"
    if name in WORDS:
        question = f"{WORDS[name]} {question}"
    driver.mention(channel, ANA, question)
    (answer,) = driver.answers(channel)
    looked_for = [WORDS[name]] if name in WORDS else []
    assert_hidden(answer, MAY[channel], question, *looked_for)
    assert set(driver.drawing.drawn) == set()
    if channel == CLOSED and name in MAY[CLOSED]:
        assert f"{WORDS[name]} note" in read(answer["blocks"])


def test_what_one_person_sees_is_what_that_person_may_read(driver: Driver) -> None:
    question = "handover note names the tasks of focal points who leave the programme costs"
    for user, may in PEOPLE.items():
        driver.command(OPEN, user, question, reply=user)
        wait_for(lambda user=user: bool(driver.fake.replies[user]))
        assert_hidden(driver.fake.replies[user], may, question)
        driver.event({"type": "app_home_opened", "user": user, "channel": "D", "tab": "home"})
        wait_for(lambda user=user: user in driver.workspace.homes)
        assert_hidden(driver.workspace.homes[user], may)
    assert "Zinnober" in json.dumps(driver.fake.replies[ANA])
    assert "Zinnober" in json.dumps(driver.workspace.homes[ANA])
    assert "Quetzal" in json.dumps(driver.workspace.homes[BO])


def test_a_direct_message_is_for_its_person(driver: Driver) -> None:
    question = "handover note names the tasks of focal points who leave the programme costs"
    driver.say(ANAS, ANA, question, kind="im")
    (answer,) = driver.answers(ANAS)
    assert "Zinnober" in json.dumps(answer)
    assert_hidden(answer, PEOPLE[ANA], question)


def test_sharing_a_private_answer_filters_it_for_the_channel(driver: Driver) -> None:
    question = "Zinnober costs?"
    driver.command(OPEN, ANA, question)
    wait_for(lambda: bool(driver.fake.replies["reply"]))
    private = driver.fake.replies["reply"][0]
    assert "Zinnober note" in read(private["blocks"])
    driver.click(private, "share", ANA, OPEN, ephemeral=True)
    wait_for(lambda: bool(driver.workspace.ephemeral))
    assert "no answer to share" in read(driver.workspace.ephemeral[0]["blocks"])
    assert driver.workspace.ours(OPEN) == []


def test_a_shared_answer_says_who_asked_what(driver: Driver) -> None:
    question = "What does a focal point who leaves the programme write?"
    driver.command(CLOSED, ANA, question)
    wait_for(lambda: bool(driver.fake.replies["reply"]))
    driver.click(driver.fake.replies["reply"][0], "share", ANA, CLOSED, ephemeral=True)
    (shared,) = driver.answers(CLOSED)
    text = read(shared["blocks"])
    assert text.startswith(f"@{ANA} asked this and shared the answer:\n{question}")
    assert "handover note" in text


def test_a_click_is_judged_by_who_clicks(driver: Driver) -> None:
    """An answer of the private channel, whose buttons somebody outside gets hold of."""
    driver.mention(CLOSED, ANA, "What does Quetzal cost, says the note about Quetzal?")
    (answer,) = driver.answers(CLOSED)
    assert "Quetzal note" in read(answer["blocks"])
    driver.click(answer, "show:1", ANA, CLOSED)  # a member of the channel, though not of Haiti's
    wait_for(lambda: "slack_file" in str(driver.workspace.views))
    driver.workspace.views.clear()
    uploads = len(driver.workspace.files)
    for action in ("show:1", "more", "narrow"):
        driver.click(answer, action, EVE, CLOSED)
    wait_for(lambda: len(driver.workspace.views) == 3)
    wait_for(lambda: not any("Searching …" in str(v) for v in driver.workspace.views.values()))
    assert_hidden(driver.workspace.views, set())
    assert "not for you to read" in json.dumps(driver.workspace.views)
    assert "Ecuador" in json.dumps(driver.workspace.views)  # what is public may be chosen
    assert len(driver.workspace.files) == uploads


def test_rights_that_were_taken_away_hold_for_old_buttons(make: Callable[..., Driver]) -> None:
    driver = make()
    driver.mention(CLOSED, ANA, "What does Quetzal cost, says the note about Quetzal?")
    (answer,) = driver.answers(CLOSED)
    driver.file.write_text(driver.file.read_text().replace("internal, group:haiti", "public"))
    for action in ("show:1", "more"):
        driver.click(answer, action, ANA, CLOSED)
    wait_for(lambda: len(driver.workspace.views) == 2)
    wait_for(lambda: not any("Searching …" in str(v) for v in driver.workspace.views.values()))
    assert_hidden(driver.workspace.views, PEOPLE[ANA])
    assert driver.workspace.files == {}


def test_a_forged_value_opens_nothing(driver: Driver) -> None:
    driver.command(OPEN, ANA, "What does Zinnober cost, says the note about Zinnober?")
    wait_for(lambda: bool(driver.fake.replies["reply"]))
    private = driver.fake.replies["reply"][0]
    turn = find(private, "show:1")["value"]
    for value in (turn, "d-internal.1", '{"reader": {"everything": true}}', "../../etc", ""):
        driver.click(private, "show:1", EVE, OPEN, value=value, ephemeral=True)
    wait_for(lambda: len(driver.workspace.ephemeral) == 5)
    assert_hidden([driver.workspace.ephemeral, driver.workspace.views], set())
    assert driver.workspace.files == {}


def test_a_forged_form_changes_no_rights(driver: Driver) -> None:
    """The form's own data names the private channel; who sends it is not in it."""
    driver.mention(CLOSED, ANA, "What does Quetzal cost, says the note about Quetzal?")
    (answer,) = driver.answers(CLOSED)
    driver.click(answer, "narrow", ANA, CLOSED)
    form = driver.view("Narrow down")
    assert json.loads(json.dumps(form))["private_metadata"] == find(answer, "narrow")["value"]
    forged = {**form, "private_metadata": "CHAITI"}
    response = driver.submit(forged, EVE)
    assert response.status_code == 200
    driver.settle()
    assert len(driver.workspace.ours(CLOSED)) == 1


def test_pictures_are_drawn_for_those_who_may_see_them(driver: Driver) -> None:
    driver.mention(CLOSED, ANA, "What does Quetzal cost, says the note about Quetzal?")
    (answer,) = driver.answers(CLOSED)
    driver.click(answer, "show:1", BO, CLOSED)
    wait_for(lambda: "slack_file" in str(driver.workspace.views))
    assert driver.drawing.drawn == ["d-haiti"]
    assert set(driver.workspace.file_channels.values()) == {""}
    driver.workspace.views.clear()
    driver.click(answer, "show:1", EVE, CLOSED)  # the picture lies ready, and is not shown
    wait_for(lambda: "not for you" in json.dumps(list(driver.workspace.views.values())))
    assert "slack_file" not in json.dumps(list(driver.workspace.views.values()))


def test_only_managers_change_settings_and_nobody_changes_rights(driver: Driver) -> None:
    before = driver.file.read_text()
    driver.command(CLOSED, BO, "settings")
    assert "Only managers" in read(driver.view("Channel settings")["blocks"])
    driver.workspace.views.clear()
    driver.command(CLOSED, ANA, "settings")
    form = driver.view("Channel settings")
    assert "documents of haiti" in read(form["blocks"])
    driver.submit(
        {**form, "callback_id": "settings"},
        BO,
        language={"selected_option": {"value": "fr"}},
    )
    driver.settle()
    assert driver.file.read_text() == before
    driver.submit(
        form,
        ANA,
        language={"selected_option": {"value": "fr"}},
        collection={"selected_option": {"value": "guides"}},
        countries={"selected_options": [{"value": "Ecuador"}]},
        year_from={"value": "2020"},
        mention_only={"selected_option": {"value": "yes"}},
        ask={"selected_users": [ANA]},
        may_read={"value": "keeper"},
    )
    driver.settle()
    after = driver.file.read_text()
    assert "may_read: internal, group:haiti" in after
    assert "# private" in after
    assert "keeper" not in after
    driver.mention(CLOSED, ANA, "Zebra quotas on Mondays?")
    assert "Je n’ai pas trouvé" in read(driver.answers(CLOSED)[0]["blocks"]).replace("'", "’")
    wait_for(lambda: any("Enregistré" in read(e["blocks"]) for e in driver.workspace.ephemeral))


def test_an_address_of_another_organisation_gives_nothing(driver: Driver) -> None:
    driver.say(driver.workspace.add_channel("DEVE1", EVE, is_im=True), EVE, BUDGET, kind="im")
    (answer,) = driver.answers("DEVE1")
    assert_hidden(answer, set(), BUDGET)
