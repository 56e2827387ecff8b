"""The pictures of the README, taken from the running dashboard: `make pictures`.

Of some pages alone: `python -m docs.take_pictures exampleshire-summary`.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import AT_REST, CHROMIUM, DRAWN, chromium, serving

PICTURES = Path(__file__).parent / "pictures"
#: Pixels of a picture from top to bottom, and the most that it may weigh.
HEIGHT = 1500
MOST_BYTES = 250_000

KENT = {"period": "2024/25 Q2"}
EXAMPLESHIRE = {"organisation": "exampleshire", "period": "2025/26 Q2"}
MONTHLY = {"organisation": "exampleshire", "report": "dashboard", "period": "2026-03"}
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "summary": ("", KENT),
    "section": ("qpr-children-young-people-and-education-education-skills", KENT),
    "indicator": ("indicator", {"indicator": "CS07", **KENT}),
    "exampleshire-summary": ("", EXAMPLESHIRE),
    "exampleshire-section": ("qpr-adult-social-care", EXAMPLESHIRE),
    "exampleshire-indicator": ("indicator", {"indicator": "CU03", **MONTHLY}),
    "exampleshire-dashboard": ("dashboard", MONTHLY),
    "exampleshire-rules": ("method", EXAMPLESHIRE),
    "dashboard": ("dashboard", {"report": "dashboard", "period": "2025-03"}),
    "framework": ("framework", KENT),
    "risks": ("risks", KENT),
    "quality": ("quality", KENT),
    "exampleshire-framework": ("framework", EXAMPLESHIRE),
    "exampleshire-targets": ("targets", EXAMPLESHIRE),
    "exampleshire-risks": ("risks", EXAMPLESHIRE),
    "exampleshire-quality": ("quality", EXAMPLESHIRE),
    "exampleshire-changes": ("changes", EXAMPLESHIRE),
    "exampleshire-matrix": ("matrix", {**EXAMPLESHIRE, "order": "longest-red"}),
    "exampleshire-compare": (
        "compare",
        {**EXAMPLESHIRE, "with": "CU01,CU02,CU03", "view": "together"},
    ),
    "exampleshire-papers": ("report", EXAMPLESHIRE),
    "exampleshire-commentary": (
        "commentary",
        {**EXAMPLESHIRE, "section": "Customer Services", "indicator": "CU03", "kind": "action"},
    ),
}
Scheme = Literal["light", "dark"]
#: Pages that are shown in a narrow window too.
NARROW = ("summary", "section", "exampleshire-summary", "exampleshire-section")
WIDE: list[Scheme] = ["light", "dark"]
SHOTS: list[tuple[str, Scheme, int]] = [
    *((name, scheme, 1280) for name in PAGES for scheme in WIDE),
    *((name, "light", 400) for name in NARROW),
]


def take(browser: Browser, address: str, name: str, scheme: Scheme, width: int) -> bytes:
    """One page as it stands in a window of that width."""
    path, chosen = PAGES[name]
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.goto(f"{address}/{path}?{urlencode(chosen)}")
    page.locator(".kpi h1").wait_for()
    page.locator(AT_REST).wait_for()
    page.wait_for_function(DRAWN)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.evaluate("document.fonts.ready")
    png = page.screenshot(animations="disabled")
    page.close()
    return png


def lighter(png: bytes) -> bytes:
    """The same picture, packed as tightly as it goes, every colour as it is."""
    out = BytesIO()
    with Image.open(BytesIO(png)) as picture:
        picture.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Take every picture, or those named, and say what each weighs."""
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        wanted = sys.argv[1:] or list(PAGES)
        for name, scheme, width in (shot for shot in SHOTS if shot[0] in wanted):
            png = lighter(take(browser, address, name, scheme, width))
            path = PICTURES / f"{name}-{scheme}-{width}.png"
            path.write_bytes(png)
            heavy = " (too heavy)" if len(png) > MOST_BYTES else ""
            print(f"{path.name:36} {len(png) // 1000:4} kB{heavy}")
        browser.close()


if __name__ == "__main__":
    main()
