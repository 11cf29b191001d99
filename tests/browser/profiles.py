"""Browser profiles, lent to one visitor after the other: a new one would fetch and compile Streamlit's scripts."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

LAPTOP: Any = {"width": 1280, "height": 900}
OF_MEDIA = ("color_scheme", "reduced_motion", "forced_colors")  # with the viewport, what a page may have of its own


class Profiles:
    """Those with the same device; each is lent to one visitor at a time, and empty then."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}
        self._lent: dict[BrowserContext, str] = {}

    def page(self, options: dict[str, Any]) -> Page:
        """A page in a profile that nobody else uses; `options` are Playwright's for a new context.

        With `first_visit`, that of a browser which has never been here.
        """
        device = {name: value for name, value in options.items() if name not in ("first_visit", "viewport", *OF_MEDIA)}
        kind = repr(sorted(device.items()))
        free = self._free.setdefault(kind, [])
        profile = free.pop() if free and not options.get("first_visit") else self._new(device)
        self._lent[profile] = kind
        page = profile.new_page()
        page.set_viewport_size(options.get("viewport", LAPTOP))
        page.emulate_media(**{name: options[name] for name in OF_MEDIA if name in options})
        return page

    def take_back(self, profile: BrowserContext) -> None:
        """The visitor has left. Another visitor of the same profile may have given it back already."""
        if profile not in self._lent:
            return
        for page in profile.pages:
            page.close()
        profile.set_storage_state({"cookies": [], "origins": []})
        profile.clear_permissions()
        self._free[self._lent.pop(profile)].append(profile)

    def close(self) -> None:
        """Close them all."""
        for profile in [*self._lent, *(profile for free in self._free.values() for profile in free)]:
            profile.close()

    def _new(self, device: dict[str, Any]) -> BrowserContext:
        profile = self._browser.new_context(viewport=LAPTOP, **device)
        profile.tracing.start()
        return profile
