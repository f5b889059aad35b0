"""Who is in the demo: three institutions with their filings, and the people who sign in (Article 6(5))."""

from datetime import timedelta

from bank.ground.actors import OPERATOR, Grade, Role
from bank.ground.clock import add_months, today
from bank.institutions import InstitutionKind, add_institution, add_registration
from web.house import House
from web.users import add_user

SCHOOL, PLANT, ACADEMY = "黄石市机电技工学校", "大冶市重型机械有限公司", "阳新县通达职业培训学校"
ELECTRICIAN, WELDER, FORKLIFT = ("6-31-01-03", 4), ("6-18-02-04", 5), ("6-30-05-04", 5)
BANKS = ((SCHOOL, ELECTRICIAN), (PLANT, WELDER), (ACADEMY, FORKLIFT))
PASSWORD = "Tidun2026"  # noqa: S105 - shown to whoever runs the demo
PEOPLE = (
    ("wang", "王建国", Role.WRITER, SCHOOL, None, Grade.LEVEL_2),
    ("liu", "刘芳", Role.WRITER, SCHOOL, None, Grade.LEVEL_3),
    ("zhao", "赵敏", Role.REVIEWER, SCHOOL, None, Grade.SENIOR_TITLE),
    ("li", "李红", Role.ORGANIZER, SCHOOL, None, None),
    ("chen", "陈志强", Role.WRITER, PLANT, None, Grade.LEVEL_2),
    ("zhou", "周涛", Role.SUPERVISOR, None, "黄石市", None),
    ("sun", "孙丽", Role.SUPERVISOR, None, "大冶市", None),
    ("admin", "系统管理员", Role.SYSADMIN, None, None, None),
    ("shenji", "审计管理员", Role.AUDITOR, None, None, None),
)


def found(house: House) -> None:
    """Enter the institutions, what they filed, and their people."""
    on = today()
    school, plant, academy = InstitutionKind.TECHNICAL_SCHOOL, InstitutionKind.ENTERPRISE, InstitutionKind.SOCIAL_ORG
    filings = (
        (SCHOOL, school, "城区", ELECTRICIAN, add_months(on, -30)),
        (PLANT, plant, "大冶市", WELDER, add_months(on, -6) + timedelta(days=24)),
        (ACADEMY, academy, "阳新县", FORKLIFT, add_months(on, -7)),
    )
    with house.unit_of_work() as session:
        for name, kind, place, (occupation, level), filed_on in filings:
            body = add_institution(session, OPERATOR, name=name, kind=kind, jurisdiction=place)
            add_registration(
                session,
                OPERATOR,
                house.policy(filed_on),
                institution=body,
                occupation=occupation,
                level=level,
                filed_on=filed_on,
            )
        for login, name, role, institution, jurisdiction, grade in PEOPLE:
            add_user(
                session,
                OPERATOR,
                login=login,
                name=name,
                roles=frozenset({role}),
                password=PASSWORD,
                institution=institution,
                jurisdiction=jurisdiction,
                grade=grade,
            )


def people_lines() -> list[str]:
    """Who may sign in, and with which password."""
    lines = [
        f"  {login}　{name}　{institution or place or '全系统'}" for login, name, _, institution, place, _ in PEOPLE
    ]
    return [f"登录名（口令都是 {PASSWORD}）：", *lines]
