"""Every page of the application, in the order in which their routes are asked."""

from kintsugi.web.pages.account import router as account
from kintsugi.web.pages.case import router as case
from kintsugi.web.pages.case_moves import router as case_moves
from kintsugi.web.pages.case_work import router as case_work
from kintsugi.web.pages.complaint import router as complaint
from kintsugi.web.pages.feedback import router as feedback
from kintsugi.web.pages.follow_ups import router as follow_ups
from kintsugi.web.pages.learn import router as learn
from kintsugi.web.pages.live import router as live
from kintsugi.web.pages.log import router as log
from kintsugi.web.pages.mentions import router as mentions
from kintsugi.web.pages.now import router as now
from kintsugi.web.pages.oidc import router as oidc
from kintsugi.web.pages.outlook import router as outlook
from kintsugi.web.pages.places import router as places
from kintsugi.web.pages.reports import router as reports
from kintsugi.web.pages.settings import router as settings
from kintsugi.web.pages.signing import router as signing
from kintsugi.web.pages.slack import router as slack
from kintsugi.web.pages.sources import router as sources
from kintsugi.web.pages.spikes import router as spikes
from kintsugi.web.pages.staff import router as staff
from kintsugi.web.pages.status import router as status
from kintsugi.web.pages.webhook import router as webhook

PAGES = (
    status,
    webhook,
    slack,
    signing,
    oidc,
    account,
    live,
    now,
    case,
    case_moves,
    case_work,
    follow_ups,
    mentions,
    staff,
    places,
    feedback,
    complaint,
    spikes,
    learn,
    outlook,
    reports,
    sources,
    log,
    settings,
)
