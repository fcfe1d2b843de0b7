"""An invented edition to print: three languages, every kind of part, long names, a withdrawal."""

# ruff: noqa: E501, RUF001 (whole texts on one line, and Chinese has its own commas)

from __future__ import annotations

from dataclasses import replace

from app.core.attribution import Attribution, Author
from app.core.document import (
    Answer,
    Axis,
    Cell,
    Change,
    Channel,
    Citation,
    Convergence,
    ConvergenceRow,
    Difference,
    Document,
    Entry,
    Figures,
    Meeting,
    Question,
    Source,
    Statement,
    Theme,
    Treatment,
)

KENYA = Author(Attribution.GROUP_COUNTRY, stakeholder_group="civil_society", country="KE")
SILVA = Author(
    Attribution.NAMED, "M. Silva", "Ministry of Communications", "government", "BR"
)  # fmt: skip
LONG = Author(
    Attribution.NAMED,
    "Jean-Baptiste Rakotomalala-Ravelojaona",
    "Réseau malgache des opérateurs",
    "private_sector",
    "MG",
)
HASSAN = Author(Attribution.NAMED, "علي حسن", "جمعية الإنترنت", "civil_society", "EG")
NET = Author(
    Attribution.ORGANISATION,
    organisation="Net Nordic",
    stakeholder_group="technical",
    country="SE",
)
QUOTES = (
    ("en", "publish every subsidy, who receives it and what it achieved"),
    ("ar", "أن تُنشر الإعانات العامة: من يتلقاها وماذا تحقق بها."),
    ("fr", "Nous publions les nôtres depuis 2012 ; cela coûte peu."),
    ("zh-Hans", "公开每一笔补贴，说明谁得到了补贴，以及取得了什么成果。"),
    ("ru", "Публикуйте каждую субсидию: кто её получил и что сделано."),
    ("es", "Que se publique cada subvención, cada año y completa."),
)
PEOPLE = (KENYA, HASSAN, SILVA, NET, LONG, Author(Attribution.ANONYMOUS))
KINDS = (
    ("I-{:04}", "idea", "online-round"),
    ("T{}-R2-1", "note", "world-cafe"),
    ("TH-{}", "turn", "town-hall"),
)


def source(number: int, role: str = "supports", **values) -> Source:
    """Return the ``number``th passage, in one language after the other."""
    language, quote = QUOTES[number % len(QUOTES)]
    pattern, kind, session = KINDS[number % len(KINDS)]
    found = Source(
        reference="OT13-" + pattern.format(number),
        quote=quote,
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        stance={"supports": "for", "opposes": "against"}.get(role, "mixed"),
        role=role,
        kind=kind,
        session=session,
        mode="online",
        author=PEOPLE[number % len(PEOPLE)],
    )
    return replace(found, **values)


def sources(first: int, many: int, role: str = "supports") -> tuple[Source, ...]:
    """Return ``many`` passages counted from ``first``."""
    return tuple(source(first + index, role) for index in range(many))


def gone(number: int) -> Source:
    """Return a source whose author withdrew it."""
    return source(
        number,
        quote="[withdrawn]",
        author=Author(Attribution.NAMED, "[withdrawn]"),
        withdrawn="2013-11-20T09:00:00Z",
    )


SPENDING = Theme(
    number=3,
    title={"en": "Transparency of public spending", "ar": "شفافية الإنفاق العام", "zh-Hans": "公共支出的透明度"},
    contributors=40,
    guiding_question=2,
    channels={"world_cafe": 18, "town_hall": 9, "online_round": 17},
    in_several=4,
    statements=(
        Statement(
            "3.1",
            {"en": "asked that subsidies be published.", "ar": "طلبوا نشر الإعانات العامة.", "zh-Hans": "要求公布补贴。"},
            "most",
            34,
            40,
            (
                *sources(1, 9),
                gone(11),
                source(42, campaign=214, reference="OT13-C1", author=Author(Attribution.ANONYMOUS)),
            ),
            ("3.2",),
            214,
            "O. Organiser",
        ),
        Statement(
            "3.2",
            {
                "en": "warned that it would reveal business data.",
                "ar": "حذّروا من أن ذلك يكشف بيانات تجارية.",
                "zh-Hans": "警告说这会泄露商业数据。",
            },
            "several",
            6,
            40,
            sources(20, 6),
        ),
        Statement(
            "3.3",
            {
                "en": "asked who checks them where there is no regulator. This stayed open.",
                "ar": "سألوا عمّن يتحقق منها حيث لا توجد هيئة تنظيمية. وظل السؤال مفتوحاً.",
                "zh-Hans": "询问在没有监管机构的地方由谁来核查。这一点仍无定论。",
            },
            "a_few",
            3,
            40,
            sources(30, 3, "illustrates"),
        ),
    ),
    differences=(Difference("3.1", 34, 6, ("3.2",), sources(50, 2, "opposes")),),
)  # fmt: skip
ACCESS = Theme(
    number=1,
    title={
        "en": "Access in rural areas",
        "ar": "النفاذ في المناطق الريفية",
        "zh-Hans": "农村地区的接入",
    },
    contributors=61,
    guiding_question=2,
    channels={"world_cafe": 30, "online_round": 35},
    in_several=4,
    statements=(
        Statement(
            "1.1",
            {
                "en": "saw a duty of governments to bring networks to where no market does.",
                "ar": "رأوا أن على الحكومات إيصال الشبكات إلى حيث لا تصل السوق.",
                "zh-Hans": "认为政府有责任把网络建到市场到不了的地方。",
            },
            "nearly_all",
            57,
            61,
            sources(60, 12),
        ),
    ),
)
ROLES = Theme(
    number=2,
    title={"en": "Who speaks for users", "ar": "من يتحدث باسم المستخدمين", "zh-Hans": "谁代表用户"},
    contributors=12,
    guiding_question=1,
    channels={"town_hall": 12},
    statements=(
        Statement(
            "2.1",
            {
                "en": "wanted users to be heard before decisions, not after.",
                "ar": "أرادوا الاستماع إلى المستخدمين قبل القرارات لا بعدها.",
                "zh-Hans": "希望在决定之前而不是之后听取用户意见。",
            },
            "a_few",
            2,
            12,
            sources(80, 2),
        ),
    ),
)
FEW = Theme(
    number=7,
    title={
        "en": "Electric power before networks",
        "ar": "الكهرباء قبل الشبكات",
        "zh-Hans": "先通电，再联网",
    },
    contributors=2,
    guiding_question=2,
    statements=(
        Statement(
            "7.1",
            {
                "en": "asked for electric power before networks.",
                "ar": "طلبا الكهرباء قبل الشبكات.",
                "zh-Hans": "要求先通电，再联网。",
            },
            "most",
            2,
            2,
            sources(90, 2),
        ),
    ),
)
TITLES = {
    "world-cafe": {"en": "World Café", "ar": "المقهى العالمي", "zh-Hans": "世界咖啡馆"},
    "town-hall": {"en": "Town Hall", "ar": "لقاء عام", "zh-Hans": "全体对话"},
    "online-round": {"en": "Online round", "ar": "جولة عبر الإنترنت", "zh-Hans": "网上讨论"},
}
MEETINGS = (
    Meeting(
        "world-cafe", TITLES["world-cafe"], "world_cafe", "2013-10-08T18:15", "2013-10-08T20:15",
        "Europe/Zurich", "2013-10-08T16:15:00Z", "2013-10-08T18:15:00Z", "Geneva", ("on_site",),
        registered=Cell(145), attended=Cell(135),
    ),
    Meeting(
        "town-hall", TITLES["town-hall"], "town_hall", "2013-10-25T09:00", "2013-10-25T10:30",
        "Asia/Makassar", "2013-10-25T01:00:00Z", "2013-10-25T02:30:00Z", "Bali",
        ("on_site", "online"), registered=Cell(1204), attended=Cell(402),
    ),
    Meeting(
        "online-round", TITLES["online-round"], "online_round", "2013-10-14T09:00",
        "2013-11-01T23:59", "Europe/Zurich", "2013-10-14T07:00:00Z", "2013-11-01T22:59:00Z", "",
        ("online",), registered=Cell(318), attended=Cell(118),
    ),
)  # fmt: skip
FIGURES = (
    Figures(
        "attended_by_group_and_mode",
        "people",
        Axis("stakeholder_group", ("government", "civil_society", "media", "not_stated")),
        (
            (Cell(60), Cell(110)),
            (Cell(30), Cell(200)),
            (Cell(hidden="fewer"), Cell(hidden="withheld")),
            (Cell(20), Cell(100)),
        ),
        Cell(529),
        Axis("mode", ("on_site", "online")),
        (Cell(170), Cell(230), Cell(9), Cell(120)),
        (Cell(112), Cell(417)),
        Cell(529),
        ("small_cells", "not_stated"),
    ),
    Figures(
        "contributions_by_session",
        "contributions",
        Axis("session", tuple(TITLES), TITLES),
        ((Cell(210),), (Cell(41),), (Cell(242),)),
        Cell(493),
        base=Cell(493),
    ),
)
CONVERGENCE = Convergence(
    2,
    (Channel("world_cafe", 135), Channel("town_hall", 402), Channel("online_round", 118)),
    (
        ConvergenceRow(
            3,
            SPENDING.title,
            {"world_cafe": 18, "town_hall": 9, "online_round": 17},
            ("world_cafe", "town_hall", "online_round"),
        ),
        ConvergenceRow(
            1,
            ACCESS.title,
            {"world_cafe": 30, "town_hall": 0, "online_round": 35},
            ("world_cafe", "online_round"),
        ),
    ),
)


def entry(number: int, **values) -> Entry:
    """Return the ``number``th contribution of the annex with its answer."""
    said = source(number)
    found = Entry(
        reference=said.reference,
        kind=said.kind,
        session=said.session,
        sent_at=f"2013-10-{10 + number % 18:02}T12:30:00Z",
        language=said.language,
        direction=said.direction,
        title="On subsidies" if number % 5 == 0 else "",
        text=f"{said.quote} {said.quote}",
        author=said.author,
        answer=Answer("reflected", "3.1", {}, "2013-11-04T08:00:00Z")
        if number % 4
        else Answer(
            "not_reflected",
            None,
            {
                "en": "It repeats an earlier contribution of yours.",
                "ar": "تكرر مساهمة سابقة لكم.",
                "zh-Hans": "与您先前的意见重复。",
            },
            "2013-11-04T08:00:00Z",
        ),
        cited_in=("3.1",) if number % 4 else (),
    )
    return replace(found, **values)


def edition(many: int = 24, **values) -> Document:
    """Return edition 1 of the archive, invented, with ``many`` contributions in its annex."""
    entries = [entry(number) for number in range(1, many + 1)]
    entries.append(
        entry(
            11,
            status="withdrawn",
            text="[withdrawn]",
            title="",
            author=Author(Attribution.NAMED, "[withdrawn]"),
            answer=None,
            withdrawn="2013-11-20T09:00:00Z",
        )
    )
    whole = Document(
        consultation="open-talks-2013",
        edition=1,
        title={
            "en": "Open Talks on the role of governments in Internet governance: what was said",
            "ar": "حوارات مفتوحة بشأن دور الحكومات في إدارة الإنترنت: ما قيل فيها",
            "zh-Hans": "关于政府在互联网治理中作用的公开对话：会上说了什么",
        },
        snapshot_at="2013-11-05T10:00:00Z",
        languages=("en", "ar", "zh-Hans"),
        prefix="OT13",
        date="2013-11-05",
        document_number="CWG-Internet 3/INF/2",
        receiving_body={
            "en": "Council Working Group on international Internet-related Public Policy Issues",
            "ar": "فريق العمل التابع للمجلس المعني بقضايا السياسات العامة الدولية المتعلقة بالإنترنت",
            "zh-Hans": "理事会国际互联网公共政策问题工作组",
        },
        meeting={
            "en": "Third meeting – Geneva, 11–12 November 2013",
            "ar": "الاجتماع الثالث – جنيف، 11–12 نوفمبر 2013",
            "zh-Hans": "第三次会议 – 2013年11月11–12日，日内瓦",
        },
        source={
            "en": "Note by the Secretary-General",
            "ar": "مذكرة من الأمين العام",
            "zh-Hans": "秘书长的说明",
        },
        summary={
            "en": "Three informal consultations between 8 October and 1 November 2013: 529 people "
            "attended in rooms, hubs and online, and 493 contributions came in. This document "
            "reports what was said. It does not state a position of the Union.",
            "ar": "ثلاث مشاورات غير رسمية بين 8 أكتوبر و1 نوفمبر 2013، حضرها 529 شخصاً ووردت فيها 493 مساهمة. "
            "تنقل هذه الوثيقة ما قيل، ولا تعبّر عن موقف للاتحاد.",
            "zh-Hans": "2013年10月8日至11月1日举行了三次非正式磋商，529人参加，收到493条意见。本文件记录大家说了什么，不代表国际电联的立场。",
        },
        action_required={
            "en": "The Group is invited to note this document.",
            "ar": "يُدعى الفريق إلى الإحاطة علماً بهذه الوثيقة.",
            "zh-Hans": "请工作组将本文件记录在案。",
        },
        references=(
            Citation(
                {"en": "Council Resolution 1344", "ar": "قرار المجلس 1344", "zh-Hans": "理事会第1344号决议"},
                "https://www.example.org/res1344",
            ),
            Citation({"en": "session records OT13/S1–S3"}),
        ),
        mandate={
            "en": "The Council asked the Secretary-General to hold informal consultations with all "
            "stakeholders and to bring the essence of them to the Working Group.",
            "ar": "كلّف المجلس الأمين العام بإجراء مشاورات غير رسمية مع جميع أصحاب المصلحة، ورفع خلاصتها إلى فريق العمل.",
            "zh-Hans": "理事会要求秘书长与所有利益攸关方进行非正式磋商，并把要点提交工作组。",
        },
        scope_note={
            "en": "The scope was set on 9 August 2013: Internet-related public policy issues "
            "within the mandate of the Union.",
            "ar": "حُدد النطاق في 9 أغسطس 2013: قضايا السياسات العامة المتعلقة بالإنترنت ضمن ولاية الاتحاد.",
            "zh-Hans": "范围于2013年8月9日确定：国际电联职责范围内的互联网公共政策问题。",
        },
        method={
            "en": "There were three formats, in rooms, online and in writing.",
            "ar": "جرت المشاورة بثلاثة أشكال، في القاعة وعن بُعد وكتابةً.",
            "zh-Hans": "共有三种形式：现场、网上和书面。",
        },
        sessions=MEETINGS,
        figures=FIGURES,
        questions=(
            Question(
                1,
                {
                    "en": "What is the role of governments in the multi-stakeholder model?",
                    "ar": "ما دور الحكومات في نموذج أصحاب المصلحة المتعددين؟",
                    "zh-Hans": "政府在多利益攸关方模式中的作用是什么？",
                },
                (ROLES,),
            ),
            Question(
                2,
                {
                    "en": "In which key issues should governments play an active role?",
                    "ar": "في أي القضايا الرئيسية ينبغي أن تؤدي الحكومات دوراً فاعلاً؟",
                    "zh-Hans": "政府应在哪些关键问题上发挥积极作用？",
                },
                (SPENDING, ACCESS),
            ),
        ),
        convergence=(CONVERGENCE,),
        views_of_few=(FEW,),
        proposals={
            "en": "Participants proposed to publish what becomes of each contribution.\n\n"
            "They asked for a second round.",
            "ar": "اقترح المشاركون نشر ما آلت إليه كل مساهمة.",
            "zh-Hans": "与会者建议公布每条意见的处理结果。",
        },
        treatment=Treatment(
            493, 486, 3, 4, {"2": 3, "6": 1}, {"reflected": 400, "few": 46, "not_reflected": 40}, 812, 3
        ),
        next_steps={
            "en": "The Group meets on 11 November 2013. Corrections can be asked for until "
            "5 December 2013.",
            "ar": "يجتمع الفريق في 11 نوفمبر 2013. ويمكن طلب التصحيح حتى 5 ديسمبر 2013.",
            "zh-Hans": "工作组于2013年11月11日开会。可在2013年12月5日前要求更正。",
        },
        contact="opentalks@example.org",
        contributions=tuple(entries),
        changes=(
            Change("withdrawn", "source", "OT13-TH-11", statements=("3.1",), at="2013-11-20T09:00:00Z"),
            Change(
                "changed", "statement", "3.2", {"en": "said that it"}, {"en": "warned that it"}
            ),
        ),
        prepared_by="R. Rapporteur",
        reviewed_by="O. Organiser",
        sha256="9f2c41d8" + "0" * 44 + "a6b3e07b0000",
    )  # fmt: skip
    return replace(whole, **values)
