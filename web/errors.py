"""Error pages: one sentence that says what to do next, and nothing of the request, its parameters or the database."""

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from bank.exchange.intake import MAX_UPLOAD_BYTES
from bank.ground.errors import NotFound, Refused, TidunError
from bank.ledger.log import append
from web.entrance import confirm_page, local_target, login_page
from web.permissions import NotConfirmed, NotSignedIn, house

SENTENCES = {
    400: "请求不完整，请返回上一页刷新后再试",
    404: "没有这个页面，请从左侧菜单重新进入",
    405: "这个页面不能这样打开，请从左侧菜单重新进入",
    413: f"上传的内容超过 {MAX_UPLOAD_BYTES // 2**20} MB，请拆成几个文件后再上传",
    500: "系统出错，本次操作没有写入任何内容。请重试，仍不行请联系系统管理员",
}


def answer(app: Flask) -> None:
    """Register the page of every kind of failure."""
    app.register_error_handler(TidunError, _tidun_error)
    app.register_error_handler(NotSignedIn, _not_signed_in)
    app.register_error_handler(NotConfirmed, _not_confirmed)
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(OverflowError, _impossible_number)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, sentence: str) -> ResponseReturnValue:
    """A page with the sentence, in the frame of whoever is signed in."""
    return render_template("error.html", status=status, sentence=sentence), status


def _tidun_error(error: TidunError) -> ResponseReturnValue:
    """Who is refused something leaves a trace in the ledger."""
    status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, Refused) else 400
    actor = g.get("actor")
    if status != 400 and actor is not None and actor.user_id is not None:
        with house().unit_of_work() as session:
            append(session, actor, "access.refused", {"endpoint": request.endpoint or "", "status": status})
    return error_page(status, error.message)


def _not_signed_in(_error: NotSignedIn) -> ResponseReturnValue:
    return login_page(), 401


def _not_confirmed(_error: NotConfirmed) -> ResponseReturnValue:
    return confirm_page(local_target(request.full_path if request.method == "GET" else "/")), 403


def _stale_page(_error: CSRFError) -> ResponseReturnValue:
    return error_page(400, "页面已过期。请返回上一页，刷新后再提交")


def _impossible_number(_error: OverflowError) -> ResponseReturnValue:
    """A number in the address that no row can have."""
    return error_page(404, SENTENCES[404])


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    return error_page(status, SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]))


def _unexpected(error: Exception) -> ResponseReturnValue:
    """The log names the kind and the place of the failure; its message might quote an item."""
    current_app.logger.error("%s at %s, endpoint %s", type(error).__name__, place_of(error), request.endpoint)
    return error_page(500, SENTENCES[500])


def place_of(error: Exception) -> str:
    """File and line where it was raised."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else ""
