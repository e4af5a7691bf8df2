"""The one table of wiring: which handlers an event has, and which renderer answers which kind of address."""

# An event's handlers run in this order, each at least once; all must be idempotent. `module.function` takes the event.
# The edge's own store comes first; a cache in front comes last, because it may be out of reach for long.
_PURGE, _OUTER = "broadsheet.rendering.handlers.purge", "broadsheet.rendering.handlers.purge_outer"
_WARM = "broadsheet.rendering.handlers.warm"
_STAND_INS = "broadsheet.articles.stand_ins.begin"
HANDLERS: dict[str, tuple[str, ...]] = {
    "ArticlePublished": (
        _PURGE,
        _WARM,
        "broadsheet.search.handlers.index_article",
        "broadsheet.newsroom.translating.adopting.follow",
        _OUTER,
    ),
    "ArticleRetracted": (
        _PURGE,
        "broadsheet.search.handlers.drop_article",
        "broadsheet.media.handlers.withdraw_unused",
        _WARM,
        _OUTER,
    ),
    "AddressChanged": (_PURGE, _OUTER),
    "AddressesRetired": (_PURGE, _OUTER),
    "FrontChanged": (_PURGE, _WARM, _OUTER),
    "SectionChanged": (_PURGE, _WARM, _STAND_INS, _OUTER),
    "PolicyPageChanged": (_PURGE, _OUTER),
    "AuthorChanged": (_PURGE, _STAND_INS, _OUTER),
    "TopicChanged": (_PURGE, _STAND_INS, _OUTER),
    "EditionChanged": (_PURGE, _WARM, _STAND_INS, _OUTER),
    "GroupChanged": (_PURGE, _OUTER),
    "StandInsDue": ("broadsheet.articles.stand_ins.take_step", _PURGE, _OUTER),
    "ScriptWordsChanged": (_PURGE, _OUTER),
    "ImageChanged": ("broadsheet.articles.handlers.republish_pictures", _PURGE, _OUTER),
    # The edge gives pictures from their folder: only a cache in front can have them still.
    "PicturesWithdrawn": (_OUTER,),
    "OuterPurgeDue": ("broadsheet.rendering.handlers.purge_outer_again",),
    "CorrectionPublished": ("broadsheet.newsroom.translating.notifying.tell_desks",),
    "PasswordResetAsked": ("broadsheet.newsroom.logins.mail_reset",),
}

# Called as soon as the change is committed, by its own process, before the relay has the event; none may be slow.
PROMPT: tuple[str, ...] = ("broadsheet.rendering.handlers.purge_promptly",)

# Modules that register the renderers of the public addresses with `rendering.routes.page`, in order of matching.
PAGES: tuple[str, ...] = (
    "broadsheet.syndication.pages",
    "broadsheet.search.pages",
    "broadsheet.rendering.pages",
)

# Renders a draft for its editors: takes the unsaved page and the request, gives the body as bytes.
PREVIEW = "broadsheet.rendering.preview.render_draft"

# What the relay does regularly: a name for its log, the function, and every how many seconds it is due.
DUTIES: tuple[tuple[str, str, float], ...] = (
    ("publish what is due", "broadsheet.newsroom.schedule.publish_due", 2.0),
    ("make the most read pages anew after a release", "broadsheet.rendering.warming.warm_after_release", 2.0),
    ("renew the planner's statistics", "broadsheet.articles.statistics.refresh", 3600.0),
    ("look after the totals of lists", "broadsheet.articles.mending.mend_some", 2.0),
    ("withdraw unused pictures", "broadsheet.media.publishing.withdraw_unused", 60.0),
    ("note translations made elsewhere", "broadsheet.newsroom.translating.adopting.adopt_some", 2.0),
    ("forget ended previews", "broadsheet.newsroom.previews.forget_ended", 86400.0),
    ("forget delivered events", "broadsheet.outbox.services.forget_delivered", 86400.0),
)

# What a new or upgraded site needs besides its fronts; each may run any number of times.
FOUNDERS: tuple[str, ...] = ("broadsheet.newsroom.roles.ensure_all",)
