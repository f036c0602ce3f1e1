"""All resources of the API, in the order in which its document lists them."""

from kintsugi.web.api.accounts import router as accounts
from kintsugi.web.api.case_actions import router as case_actions
from kintsugi.web.api.case_guides import router as case_guides
from kintsugi.web.api.cases import router as cases
from kintsugi.web.api.entries import router as entries
from kintsugi.web.api.exports import router as exports
from kintsugi.web.api.feeds import router as feeds
from kintsugi.web.api.guard import router as guard
from kintsugi.web.api.installation import router as installation
from kintsugi.web.api.learning import router as learning
from kintsugi.web.api.mentions import router as mentions
from kintsugi.web.api.outlook import router as outlook
from kintsugi.web.api.reports import router as reports
from kintsugi.web.api.silences import router as silences
from kintsugi.web.api.sources import router as sources
from kintsugi.web.api.spikes import router as spikes
from kintsugi.web.api.views import router as views
from kintsugi.web.api.webhooks import router as webhooks

RESOURCES = (
    mentions, views, entries, cases, case_guides, case_actions, guard, spikes, sources, silences, reports, outlook,
    learning, installation, accounts, webhooks, exports,
)  # fmt: skip
# What programs fetch that can send no header: see access.feed_gate.
FEEDS = (feeds,)
