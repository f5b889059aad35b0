"""The application: one house behind pages that nobody may frame, cache, script or read by default."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO, TYPE_CHECKING

from flask import Flask, Request, Response, g, request
from flask_bootstrap import Bootstrap5
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from bank.exchange.intake import MAX_UPLOAD_BYTES
from bank.ground.errors import Refused
from bank.ground.terms import saying
from bank.vault.keyring import Purpose
from bank.vault.vault import vault_of
from web import (
    admin,
    alike,
    assignments,
    audits,
    banks,
    enemies,
    entrance,
    errors,
    exports,
    imports,
    item_sets,
    jobs,
    organizers,
    outlines,
    pictures,
    plans,
    process,
    reviewers,
    shown,
    statistics,
    supervisors,
    words,
    writers,
    writing,
    writing_aids,
)
from web.auth import COST, PasswordCost, SignedIn, decoy_hash, resume_session
from web.house import House
from web.permissions import STATIC, refuse_undeclared

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROOMS = (
    entrance,
    writers,
    writing,
    writing_aids,
    alike,
    item_sets,
    enemies,
    imports,
    exports,
    jobs,
    reviewers,
    process,
    assignments,
    organizers,
    plans,
    outlines,
    statistics,
    banks,
    supervisors,
    audits,
    admin,
    pictures,
)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class InMemoryRequest(Request):
    """Uploads stay in memory: a temporary file would be a copy of the bank on the disk."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - the shape is Werkzeug's
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()


def create_app(house: House, password_cost: PasswordCost = COST, *, worker: bool = False) -> Flask:
    """The WSGI application of this house; `password_cost` prices the decoy that unknown logins are checked against.

    With `worker` long work is queued for the server's worker, else it is done within the request.
    """
    app = Flask(__name__)
    app.request_class = InMemoryRequest
    app.extensions["tidun"] = house
    app.extensions["tidun_jobs"] = jobs.Jobs(house, worker=worker)
    app.extensions["tidun_decoy"] = decoy_hash(password_cost)
    app.config.update(_config(house))
    Bootstrap5(app)
    CSRFProtect(app)
    _keep_logins(app)
    words.teach(app)
    shown.teach(app)
    for room in ROOMS:
        app.register_blueprint(room.routes)
    app.before_request(refuse_undeclared)
    app.before_request(_refuse_other_sites)
    app.after_request(_harden)
    errors.answer(app)
    _speak(app)
    return app


def _speak(app: Flask) -> None:
    """Every page says the word for a point that the home's settings choose."""
    answer = app.wsgi_app

    def spoken(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with saying(app.extensions["tidun"].settings.point_label):
            return answer(environ, start_response)

    app.wsgi_app = spoken  # type: ignore[method-assign]


def _config(house: House) -> dict[str, object]:
    with house.unit_of_work() as session:
        key = vault_of(session).secret(session, Purpose.AUDIT, "web/cookies/v1")
    secure = house.settings.cookie_secure
    return {
        "SECRET_KEY": key,
        "SESSION_COOKIE_NAME": "__Host-tidun" if secure else "tidun",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "MAX_CONTENT_LENGTH": MAX_UPLOAD_BYTES + 2**16,
        "MAX_FORM_MEMORY_SIZE": 2**20,
        "MAX_FORM_PARTS": 2000,
        "BOOTSTRAP_SERVE_LOCAL": True,
        # No Referer is ever sent; the token and `_refuse_other_sites` do what WTF's referer check would do.
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _keep_logins(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.user_loader(_signed_in)


def _signed_in(token: str) -> SignedIn | None:
    return resume_session(g.session, token) if "session" in g else None


def _refuse_other_sites() -> None:
    """A changing request that a browser says comes from another site is refused, whatever token it carries."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    origin = request.headers.get("Origin", "null")
    foreign = origin != "null" and origin.split("://", 1)[-1] != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Refused("请求来自其他网站，已拒绝；请在本系统页面内操作")


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-cache" if request.endpoint in STATIC else "no-store"
    return response
