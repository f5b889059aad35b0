"""The door: signing in and out, typing the password again, and the way to one's first place."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy.orm import Session

from bank.ground.actors import Actor, User
from bank.ground.errors import Refused
from web.auth import confirm_session, end_session, password_matches, resume_session, start_session
from web.house import House
from web.lockout import LOCKED_FOR, TRIES, count_attempt, note_failure, note_success
from web.permissions import Permission, needs, needs_units

routes = Blueprint("entrance", __name__)
WRONG = f"登录名或口令不正确。连续输错 {TRIES} 次，账号锁定 {LOCKED_FOR.seconds // 60} 分钟"


@routes.get("/login")
@needs(Permission.ANYONE)
def login(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """The form; who is signed in already goes to the first place."""
    return redirect(url_for("entrance.home")) if actor.user_id else login_page()


@routes.post("/login")
@needs_units(Permission.ANYONE)
def sign_in(house: House, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """Check the password between two units of work: its cost must not hold the writer."""
    typed = request.form.get("login", "").strip()[:64]
    token = _try(house, typed, request.form.get("password", ""))
    if token is None:
        return login_page(typed, WRONG), 401
    cookie.clear()
    with house.unit_of_work() as session:
        login_user(resume_session(session, token))
    return redirect(local_target(request.form.get("next", "")))


def _try(house: House, login: str, password: str) -> str | None:
    address = request.remote_addr or ""
    with house.unit_of_work() as session:
        attempt = count_attempt(session, login, address)
    # Unknown, locked and disabled accounts cost the same time and read the same sentence.
    right = password_matches(password, attempt.password_hash or current_app.extensions["tidun_decoy"])
    with house.unit_of_work() as session:
        if right and attempt.admitted:
            return start_session(session, note_success(session, attempt))
        note_failure(session, attempt, address)
    return None


@routes.post("/logout")
@needs(Permission.SIGNED_IN)
def logout(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """End the session and have the browser forget what it kept."""
    end_session(session, current_user)
    logout_user()
    cookie.clear()
    response = make_response(redirect(url_for("entrance.login")))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@routes.post("/confirm")
@needs_units(Permission.SIGNED_IN)
def confirm(house: House, actor: Actor) -> ResponseReturnValue:
    """The password again, before something leaves the house; counted like a login."""
    address = request.remote_addr or ""
    with house.unit_of_work() as session:
        attempt = count_attempt(session, session.get_one(User, actor.user_id).login, address)
    right = password_matches(request.form.get("password", ""), attempt.password_hash or "")
    target = local_target(request.form.get("next", ""))
    with house.unit_of_work() as session:
        if right and attempt.admitted:
            note_success(session, attempt)
            confirm_session(session, current_user)
            return redirect(target)
        note_failure(session, attempt, address)
    return confirm_page(target, "口令不正确，请重新输入"), 403


@routes.get("/alive")
@needs(Permission.SIGNED_IN)
def alive(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """Who writes a long question is not idle: the page calls here while someone types."""
    return "", 204


@routes.get("/")
@needs(Permission.SIGNED_IN)
def home(session: Session, actor: Actor) -> ResponseReturnValue:  # noqa: ARG001 - every view has this shape
    """To the first place of the person's roles."""
    places = [place for _, group in g.frame.groups for place in group]
    if not places:
        raise Refused("您的角色目前没有可用的页面，请联系系统管理员")
    return redirect(url_for(places[0].endpoint))


def login_page(typed: str = "", error: str = "") -> str:
    """The login form, which leads back to the page that asked for it."""
    wanted = request.form.get("next") or request.args.get("next") or (request.full_path if request.endpoint else "/")
    return render_template("login.html", typed=typed, error=error, next=local_target(wanted))


def confirm_page(target: str, error: str = "") -> str:
    """The form that asks for the password again."""
    return render_template("confirm.html", next=target, error=error)


def local_target(wanted: str) -> str:
    """A path on this server; anything that could lead elsewhere becomes the front page."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return url_for("entrance.home")
    path_only = not parts.scheme and not parts.netloc and wanted.startswith("/") and not wanted.startswith("//")
    harmless = "\\" not in wanted and wanted.isprintable()
    back_at_the_door = parts.path in {url_for("entrance.login"), url_for("entrance.logout")}
    return wanted.rstrip("?") if path_only and harmless and not back_at_the_door else url_for("entrance.home")
