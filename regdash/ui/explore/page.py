"""The Explore page. State flows one way: controls → configs → runs → sentence, picture, numbers."""

from collections.abc import Callable

from regdash.study import StudySpec
from regdash.ui.common import cache, crowd, links
from regdash.ui.explore import alone, body, choices, onward
from regdash.ui.explore.sidebar import Sidebar


def page(open_study: Callable[[StudySpec], object]) -> None:
    """Draw the page: its body before the sidebar, if that can be."""
    alone.begin()
    onward.leave(open_study)
    links.arrive(explore=choices.link_problems)
    crowd.arrive()
    sidebar = Sidebar()
    needed = list(body.needed(sidebar.config, choices.arms()).values())
    with sidebar.after() as draw_sidebar, cache.begun(needed) as takes_long:
        if takes_long:
            draw_sidebar()
        alone.body(body.draw)
    alone.end()
