"""The page "Warehouse" in Airflow's own pages, see yos_warehouse/orchestration/ui.

Every process of Airflow imports this file, tasks too: the page itself is imported by the first request that asks for it.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

PREFIX = "/warehouse"


class Page:
    """The ASGI application, imported when it is first asked for."""

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Answer one request."""
        from yos_warehouse.orchestration.ui.app import app

        await app(scope, receive, send)


class WarehousePage(AirflowPlugin):
    """What happened in the night, for people: an entry in the navigation that shows our own pages."""

    name = "yos_warehouse"
    fastapi_apps = [{"app": Page(), "url_prefix": PREFIX, "name": "Warehouse"}]
    external_views = [
        {
            "name": "Warehouse",
            "href": urlsplit(conf.get("api", "base_url", fallback="") or "").path.rstrip("/") + f"{PREFIX}/",
            "url_route": "warehouse",
            "destination": "nav",
            "nav_top_level": True,
        }
    ]
