"""The pages, one file each with a function `router(app) -> APIRouter`."""

from kintsugi.web.pages.account import router as account
from kintsugi.web.pages.case import router as case
from kintsugi.web.pages.case_moves import router as case_moves
from kintsugi.web.pages.live import router as live
from kintsugi.web.pages.mentions import router as mentions
from kintsugi.web.pages.now import router as now
from kintsugi.web.pages.signing import router as signing
from kintsugi.web.pages.status import router as status
from kintsugi.web.pages.webhook import router as webhook

PAGES = (status, webhook, signing, account, live, now, case, case_moves, mentions)
