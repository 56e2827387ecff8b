// Everything of a page that is cut off, reaches over an edge, or lies over something else.
() => {
  const wrong = [];
  const say = (what, element) =>
    wrong.push(`${what}: <${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ${element.textContent.trim().slice(0, 60)}`);
  const width = document.documentElement.clientWidth;
  const main = document.querySelector("[data-testid=stMain]");
  if (document.documentElement.scrollWidth > width) wrong.push("the document scrolls sideways");
  if (main.scrollWidth > main.clientWidth) wrong.push("the page scrolls sideways");

  // A line of text is taller than its letters by about a quarter at the top and at the bottom.
  const ink = (text) => {
    const { left, right, top, bottom, height } = text.getBoundingClientRect();
    return { left, right, top: top + height / 4, bottom: bottom - height / 4 };
  };
  const shown = (element) => element.getClientRects().length && element.checkVisibility() && !element.closest(".srt");
  for (const element of document.querySelectorAll(".kpi, .kpi *:not(svg *)")) {
    if (!shown(element)) continue;
    const box = element.getBoundingClientRect();
    if (!element.closest(".scroll") && (box.right > width + 0.5 || box.left < -0.5))
      say("reaches out of the window", element);
    const clips = getComputedStyle(element).overflowX !== "visible";
    if (clips && !element.matches(".scroll") && element.scrollWidth > element.clientWidth + 1)
      say("cuts off what it holds", element);
    const holder = element.parentElement.closest(".card, td, th, .pill");
    if (holder && (box.right > holder.getBoundingClientRect().right + 0.5 || box.bottom > holder.getBoundingClientRect().bottom + 0.5))
      say("reaches out of its " + (holder.getAttribute("class") || holder.tagName), element);
  }

  for (const picture of document.querySelectorAll(".kpi svg")) {
    if (!shown(picture)) continue;
    const frame = picture.getBoundingClientRect();
    const texts = [...picture.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const boxes = texts.map(ink);
    boxes.forEach((box, place) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top || box.bottom > frame.bottom)
        say("label outside of its picture", texts[place]);
      for (let other = 0; other < place; other++) {
        const sideways = Math.min(box.right, boxes[other].right) - Math.max(box.left, boxes[other].left);
        const upright = Math.min(box.bottom, boxes[other].bottom) - Math.max(box.top, boxes[other].top);
        if (sideways > 1 && upright > 0) say(`label over "${texts[other].textContent}"`, texts[place]);
      }
    });
  }
  return wrong;
}
