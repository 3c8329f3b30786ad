"""A real browser looks at the site. The pictures are kept, for people to look at."""

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait
from support.machine import tool

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser():
    options = Options()
    options.binary_location = tool("chromium")
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--lang=en",
    ):
        options.add_argument(argument)
    # A test machine has nothing to ask of the internet.
    for argument in (
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--proxy-server=direct://",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(tool("chromedriver")))
    driver.set_page_load_timeout(60)
    yield driver
    driver.quit()


@pytest.fixture(scope="module", params=["default", "maximal"])
def site(request, installed, tmp_path_factory):
    """Production settings, but cookies that travel without TLS: the browser honours what a small client ignores."""
    project = installed(request.param)
    local = project.path / "ixcproject/settings/local.py"
    env = {
        "DOTENV": "production",
        "SECRET_KEY": "b" * 60,
        "SITE_DOMAIN": "localhost",
        "VAR_DIR": str(tmp_path_factory.mktemp("browser")),
        "DJANGO_SUPERUSER_PASSWORD": "correct-horse",
    }
    local.write_text("SESSION_COOKIE_SECURE = False\nCSRF_COOKIE_SECURE = False\n")
    try:
        project.go("build-static.sh", **env)
        project.go("migrate.sh", **env)
        project.manage("createsuperuser", "--noinput", "--username", "boss", "--email", "b@example.test", **env)
        with project.serve(host="localhost", **env) as site:
            site.project = project
            site.url = site.url.replace("127.0.0.1", "localhost")
            yield site
    finally:
        local.unlink()


def until(browser, condition):
    """What `condition(browser)` gives once that is true; a click returns before the page it leads to is there."""
    return WebDriverWait(browser, 60, poll_frequency=0.2).until(condition)


def loaded(browser):
    return browser.execute_script("return document.readyState") == "complete"


def look(browser, screenshots, name):
    """Save pictures of the page in two sizes; fail on messages that a developer would see in red."""
    for label, size in SIZES.items():
        browser.set_window_size(*size)
        width = browser.execute_script("return document.documentElement.scrollWidth")
        assert browser.save_screenshot(str(screenshots / f"{name}-{label}.png"))
        inner = browser.execute_script("return window.innerWidth")
        assert width <= inner + 1, f"{name}: the page is wider than a {label} screen ({width} > {inner})"
    errors = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not errors, errors


def test_home_page(browser, site, screenshots):
    browser.get(f"{site.url}/")
    assert site.project.title in browser.title
    assert site.project.title in browser.find_element(By.TAG_NAME, "body").text
    # An unstyled page is black on white in a serif face; ours has a style sheet that loaded.
    rules = browser.execute_script("return [...document.styleSheets].map(s => s.cssRules.length)")
    assert rules and all(rules), rules
    broken = browser.execute_script("return [...document.images].filter(i => !i.naturalWidth).map(i => i.src)")
    assert broken == []
    look(browser, screenshots, f"{site.project.kind}-home")


def test_admin(browser, site, screenshots):
    browser.get(f"{site.url}/admin/")
    look(browser, screenshots, f"{site.project.kind}-admin-login")
    browser.find_element(By.NAME, "username").send_keys("boss")
    browser.find_element(By.NAME, "password").send_keys("correct-horse")
    browser.find_element(By.CSS_SELECTOR, "[type=submit]").click()
    until(browser, lambda page: page.find_elements(By.ID, "user-tools") and loaded(page))
    assert site.project.title in browser.page_source.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    look(browser, screenshots, f"{site.project.kind}-admin")


def test_debug_toolbar_shows_only_while_developing(browser, installed, tmp_path, screenshots):
    project = installed("default")
    with project.serve("runserver.sh", host="localhost", DOTENV="develop", VAR_DIR=str(tmp_path)) as site:
        browser.set_window_size(*SIZES["desktop"])
        browser.get(site.url.replace("127.0.0.1", "localhost"))
        toolbar = "return document.getElementById('djDebugRoot')?.shadowRoot?.getElementById('djDebug')?.id"
        until(browser, lambda page: page.execute_script(toolbar) == "djDebug")
        browser.save_screenshot(str(screenshots / "default-develop.png"))
