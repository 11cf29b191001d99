"""The students' link, and who learns the machine's addresses."""

from types import SimpleNamespace

import pytest

from regdash.ui.classes import addresses, invitation


class Headers(dict):
    """As Streamlit has them: whatever the case."""

    def get(self, name, default=None):
        return super().get(name.lower(), default)

    def __contains__(self, name):
        return super().__contains__(name.lower())


@pytest.fixture
def came(monkeypatch):
    def by(url, ip=None, **headers):
        sent = Headers({name.replace("_", "-"): value for name, value in headers.items()})
        context = SimpleNamespace(url=url, ip_address=ip, headers=sent)
        monkeypatch.setattr(addresses.st, "context", context)

    return by


@pytest.mark.parametrize(
    ("url", "host", "link"),
    [
        ("http://10.42.0.1:8501/class", "", "http://10.42.0.1:8501/class?join=BDGH"),
        ("https://regdash.example.org/class", "", "https://regdash.example.org/class?join=BDGH"),
        (
            "https://hub.example.org/user/x/proxy/8501/class/",
            "",
            "https://hub.example.org/user/x/proxy/8501/class?join=BDGH",
        ),
        ("http://localhost:8501/class", "192.168.1.5", "http://192.168.1.5:8501/class?join=BDGH"),
        ("http://localhost/class", "192.168.1.5", "http://192.168.1.5/class?join=BDGH"),
        (None, "", "/class?join=BDGH"),
    ],
)
def test_the_link_has_the_address_by_which_the_teacher_came(came, url, host, link):
    came(url)
    assert addresses.join_link("BDGH", host) == link


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "regdash.localhost"])
def test_names_that_only_this_machine_understands(came, host):
    came(f"http://{host}:8501/class")
    assert addresses.is_for_this_machine_only()
    came("http://192.168.1.5:8501/class")
    assert not addresses.is_for_this_machine_only()


def interfaces(monkeypatch, **found):
    made = {name: [SimpleNamespace(family=2, address=address)] for name, address in found.items()}
    monkeypatch.setattr(addresses.socket, "AF_INET", 2)
    monkeypatch.setattr(addresses.psutil, "net_if_addrs", lambda: made)
    monkeypatch.setattr(addresses.psutil, "net_if_stats", lambda: {n: SimpleNamespace(isup=n != "down0") for n in made})


def test_who_sits_at_the_machine_is_offered_its_addresses_real_networks_first(came, monkeypatch):
    interfaces(
        monkeypatch, docker0="172.17.0.1", lo="127.0.0.1", wlan0="192.168.1.5", eth9="169.254.3.3", down0="10.0.0.1"
    )
    came("http://localhost:8501/class", x_real_ip="127.0.0.1")
    assert addresses.of_this_machine() == ["192.168.1.5", "172.17.0.1"]
    came("http://localhost:8501/class")
    assert addresses.of_this_machine() == ["192.168.1.5", "172.17.0.1"]


@pytest.mark.parametrize(
    ("ip", "headers"),
    [("192.168.1.9", {}), (None, {"x_real_ip": "192.168.1.9"}), (None, {"x_forwarded_for": "127.0.0.1"}),
     (None, {"x_real_ip": "nonsense"}), ("192.168.1.9", {"x_real_ip": "127.0.0.1"})],
)  # fmt: skip
def test_nobody_else_learns_them_whatever_they_say(came, monkeypatch, ip, headers):
    interfaces(monkeypatch, wlan0="192.168.1.5")
    came("http://localhost:8501/class", ip, **headers)
    assert addresses.of_this_machine() == []


def test_what_is_shown_of_a_link_leaves_out_what_need_not_be_typed():
    assert invitation._short("http://10.42.0.1:8501/class?join=BDGH") == "10.42.0.1:8501/class?join=BDGH"
