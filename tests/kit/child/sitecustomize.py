"""On the path of the bots that tests start: what is barred in the tests is barred in them, from their first line.

Python imports this module by itself at its start (see `site` in its manual).
"""

from __future__ import annotations

from services.authors.model.real_calls import forbid_real_calls
from tests.kit.way_out import bar

bar()
forbid_real_calls()
