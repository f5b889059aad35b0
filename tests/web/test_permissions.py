"""Who may open which page: the whole url_map against every role, and the wall in front of undeclared pages."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask
from werkzeug.routing import Rule

from bank.ground.actors import Actor, Role
from bank.ledger.heads import signed_head
from bank.ledger.log import entries
from tests.web.cast import CHEAP, Browser, Stock
from web.app import create_app
from web.house import House
from web.permissions import RULES, STATIC, Permission, may

ALL = frozenset({"wang", "shen", "li", "du", "sys", "sec", "aud"})
WRITERS, REVIEWERS, ORGANIZERS, SUPERVISORS = {"wang"}, {"shen"}, {"li"}, {"du"}
MAY: dict[str, set[str] | frozenset[str]] = {
    "entrance.login": ALL | {"stranger"},
    "entrance.sign_in": ALL | {"stranger"},
    "entrance.logout": ALL,
    "entrance.confirm": ALL,
    "entrance.alive": ALL,
    "entrance.home": ALL - {"sec"},
    "writers.desk": WRITERS,
    "writers.items": WRITERS,
    "writers.submit_items": WRITERS,
    "writers.place_items": WRITERS,
    "writers.show_item": WRITERS,
    "writers.answer_thread": WRITERS,
    "writing.new": WRITERS,
    "writing.create": WRITERS,
    "writing.edit": WRITERS,
    "writing.revise": WRITERS,
    "writing_aids.preview": WRITERS,
    "writing_aids.add_picture": WRITERS,
    "writing_aids.keep_draft": WRITERS,
    "writing_aids.drop_draft": WRITERS,
    "alike.check": WRITERS,
    "item_sets.new": WRITERS,
    "item_sets.create": WRITERS,
    "item_sets.show": WRITERS,
    "item_sets.revise": WRITERS,
    "enemies.choose": WRITERS,
    "enemies.mark": WRITERS,
    "imports.upload": WRITERS,
    "imports.read": WRITERS,
    "imports.preview": WRITERS,
    "imports.confirm": WRITERS,
    "imports.mend": WRITERS,
    "imports.put_back": WRITERS,
    "imports.template": WRITERS,
    "imports.quick_mend": WRITERS,
    "imports.show_batch": WRITERS,
    "imports.drop": WRITERS,
    "imports.undo": WRITERS,
    "exports.listed": REVIEWERS | ORGANIZERS,
    "exports.ask": REVIEWERS | ORGANIZERS,
    "exports.decide": REVIEWERS | ORGANIZERS,
    "exports.ready": REVIEWERS | ORGANIZERS,
    "exports.take": REVIEWERS | ORGANIZERS,
    "jobs.show": ALL,
    "jobs.state": ALL,
    "pictures.show": ALL,
    "outlines.show": WRITERS | REVIEWERS | ORGANIZERS,
    "outlines.template": WRITERS | REVIEWERS | ORGANIZERS,
    "outlines.download": WRITERS | REVIEWERS | ORGANIZERS,
    "outlines.revise": REVIEWERS | ORGANIZERS,
    "outlines.read": REVIEWERS | ORGANIZERS,
    "outlines.preview": REVIEWERS | ORGANIZERS,
    "outlines.confirm": REVIEWERS | ORGANIZERS,
    "statistics.results": ORGANIZERS,
    "statistics.read": ORGANIZERS,
    "statistics.preview": ORGANIZERS,
    "statistics.confirm": ORGANIZERS,
    "statistics.template": ORGANIZERS,
    "statistics.bank": REVIEWERS,
    "statistics.export": REVIEWERS,
    "statistics.item": REVIEWERS,
    "statistics.leads": SUPERVISORS,
    "reviewers.waiting": REVIEWERS,
    "reviewers.show": REVIEWERS,
    "reviewers.approve_items": REVIEWERS,
    "reviewers.send_back_item": REVIEWERS,
    "reviewers.comment": REVIEWERS,
    "reviewers.answer_thread": REVIEWERS,
    "reviewers.settle_thread": REVIEWERS,
    "process.show": REVIEWERS | ORGANIZERS,
    "process.move": REVIEWERS | ORGANIZERS,
    "assignments.board": ORGANIZERS,
    "assignments.give": ORGANIZERS,
    "assignments.take_back": ORGANIZERS,
    "organizers.desk": ORGANIZERS,
    "organizers.papers": ORGANIZERS,
    "organizers.paper": ORGANIZERS,
    "organizers.download": ORGANIZERS,
    "organizers.record": ORGANIZERS,
    "organizers.elsewhere": ORGANIZERS,
    "organizers.take_in_paper": ORGANIZERS,
    "plans.plan": ORGANIZERS,
    "plans.assemble_paper": ORGANIZERS,
    "plans.redraw": ORGANIZERS,
    "banks.overview": WRITERS | REVIEWERS | ORGANIZERS,
    "banks.show": WRITERS | REVIEWERS | ORGANIZERS,
    "banks.orders": WRITERS | REVIEWERS | ORGANIZERS,
    "banks.quality": WRITERS | REVIEWERS | ORGANIZERS,
    "banks.failing": WRITERS | REVIEWERS | ORGANIZERS,
    "banks.quality_csv": WRITERS | REVIEWERS | ORGANIZERS,
    "banks.quality_xlsx": WRITERS | REVIEWERS | ORGANIZERS,
    "supervisors.desk": SUPERVISORS,
    "supervisors.banks": SUPERVISORS,
    "supervisors.bank": SUPERVISORS,
    "supervisors.bank_quality": SUPERVISORS,
    "audits.reuse": SUPERVISORS,
    "audits.pair": SUPERVISORS,
    "audits.leaks": SUPERVISORS,
    "audits.scan": SUPERVISORS,
    "admin.users": {"sys"},
    "admin.ledger": {"aud"},
    "admin.verify_ledger": {"aud"},
}
SAMPLE = {
    "sitting_id": 1,
    "set_id": 1,
    "item_id": 1,
    "kind": "xlsx",
    "batch_id": 1,
    "export_id": 1,
    "comment_id": 1,
    "assignment_id": 1,
    "bank_id": 1,
    "paper_id": 1,
    "label": "A",
    "file": "paper.pdf",
    "token": "none",
    "at": 0,
}


def _own_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint not in STATIC]


def test_every_page_is_in_the_table(app: Flask) -> None:
    assert {rule.endpoint for rule in _own_rules(app)} == set(MAY)


def test_every_page_declares_a_permission_with_a_rule(app: Flask) -> None:
    for rule in _own_rules(app):
        assert app.view_functions[rule.endpoint].permission in RULES, rule.endpoint


def test_who_may_open_what(app: Flask, as_user: Callable[[str], Browser], stock: Stock) -> None:
    stock.questions("wang", 3)
    for login in sorted(ALL):
        browser = as_user(login)
        for rule in sorted(_own_rules(app), key=lambda one: one.endpoint == "entrance.logout"):
            for method in sorted(rule.methods - {"OPTIONS"}):
                status = _ask(browser, method, rule)
                allowed = login in MAY[rule.endpoint]
                assert (status not in {401, 403, 405, 500}) is allowed or _spared(rule, status), (
                    login,
                    method,
                    rule,
                    status,
                )


def _spared(rule: Rule, status: int) -> bool:
    """A wrong password is a refusal of its own."""
    return rule.endpoint in {"entrance.sign_in", "entrance.confirm"} and status in {401, 403}


def _ask(browser: Browser, method: str, rule: Rule) -> int:
    with browser.client.application.test_request_context():
        path = browser.client.application.url_map.bind("localhost").build(
            rule.endpoint, {name: SAMPLE[name] for name in rule.arguments}
        )
    if method == "POST":
        return browser.post(path).status_code
    return browser.client.open(path, method=method).status_code


def test_strangers_get_the_login_form(app: Flask) -> None:
    for rule in _own_rules(app):
        browser = Browser(app.test_client())
        for method in rule.methods - {"OPTIONS"}:
            status = _ask(browser, method, rule)
            assert status == (
                200 if (rule.endpoint, method) in {("entrance.login", "GET"), ("entrance.login", "HEAD")} else 401
            )


def test_looking_changes_nothing_but_ledger_and_session(
    app: Flask, as_user: Callable[[str], Browser], stock: Stock, house: House
) -> None:
    stock.questions("wang", 3)
    people = {login: as_user(login) for login in sorted(ALL)}
    with house.unit_of_work() as session:
        signed_head(session)  # The first look at the ledger makes the key that signs it.
    before = _tables(house)
    for login, browser in people.items():
        for rule in _own_rules(app):
            for method in rule.methods & {"GET", "HEAD"}:
                if login in MAY[rule.endpoint]:
                    _ask(browser, method, rule)
    after = _tables(house)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"ledger_entry", "ledger_node", "ledger_head", "login_session"}


def _tables(house: House) -> dict[str, list[object]]:
    with house.reading() as session:
        names = sa.inspect(session.get_bind()).get_table_names()
        return {name: session.execute(sa.text(f"SELECT * FROM {name}")).all() for name in names}


@pytest.mark.parametrize("variant", ["/writing/", "//writing", "/writing%2e", "/WRITING", "/./writing", "/writing;x"])
def test_spelling_variants_open_nothing(stranger: Browser, variant: str) -> None:
    assert stranger.get(variant).status_code in {308, 401, 404}


def test_method_overrides_are_ignored(wang: Browser) -> None:
    answer = wang.get("/logout", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code == 405
    assert wang.client.open("/writing", method="OPTIONS").text == ""


def test_an_undeclared_page_is_refused(house: House) -> None:
    app = create_app(house, CHEAP)
    rogue = Blueprint("rogue", __name__)
    rogue.get("/rogue")(lambda: "secret")
    app.register_blueprint(rogue)
    answer = app.test_client().get("/rogue")
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_refusals_are_in_the_ledger(wang: Browser, house: House) -> None:
    assert wang.get("/users").status_code == 403
    assert wang.get("/items/999").status_code == 404
    with house.reading() as session:
        found = [
            (entry.actor, entry.body["endpoint"], entry.body["status"])
            for entry in entries(session, kinds=["access.refused"])
        ]
    assert found == [("wang", "admin.users", 403), ("wang", "writers.show_item", 404)]


def test_a_role_without_its_place_opens_nothing() -> None:
    homeless = Actor("x", 1, frozenset({Role.WRITER, Role.REVIEWER, Role.ORGANIZER, Role.SUPERVISOR}))
    for permission in (Permission.WRITE_ITEMS, Permission.ASSEMBLE_PAPERS, Permission.AUDIT_PAPERS):
        assert not may(homeless, permission)


def test_a_supervisor_with_an_institution_opens_nothing() -> None:
    mixed = Actor("x", 1, frozenset({Role.SUPERVISOR}), institution_id=1, jurisdiction_id=1)
    assert not may(mixed, Permission.SEE_TERRITORY)
