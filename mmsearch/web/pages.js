// Pages as pictures, with what is marked drawn over them, a rectangle a line.

import { documentPath, get, token } from "./client.js";
import { el, svg } from "./dom.js";
import { t } from "./words.js";

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]; // of the width of the panel
const SCALES = [1, 1.5, 2, 3, 4]; // pixels for a point that the service is asked for
const MARGIN = 1.5; // points by which a mark is wider than its words

export function pagesView(id, pages) {
  const picture = el("img", { alt: "", decoding: "async" });
  const over = svg("svg", { class: "over", "aria-hidden": "true", preserveAspectRatio: "none" });
  const sheet = el("div", { class: "sheet" }, picture, over);
  const node = el("div", { class: "pages", tabindex: "0", role: "group", "aria-label": t("page_picture") }, sheet);
  let page = 1;
  let zoom = 1;
  let marks = null;
  let shown = "";
  let url = "";

  function address() {
    const pixels = node.clientWidth * zoom * (window.devicePixelRatio || 1);
    const scale = SCALES.find((one) => one * pages[page - 1].width >= pixels * 0.9) ?? SCALES.at(-1);
    return `${documentPath(id)}/pages/${page}.png?scale=${scale}`;
  }

  async function draw(signal) {
    const { width, height } = pages[page - 1];
    sheet.style.width = `${zoom * 100}%`;
    sheet.style.aspectRatio = `${width} / ${height}`;
    over.setAttribute("viewBox", `0 0 ${width} ${height}`);
    over.replaceChildren(...rectangles().map(([x0, y0, x1, y1]) => svg("rect", {
      x: x0 - MARGIN, y: y0 - MARGIN, width: x1 - x0 + 2 * MARGIN, height: y1 - y0 + 2 * MARGIN, rx: 1.5,
    })));
    picture.alt = t("page_picture_n", { n: page });
    const wanted = address();
    if (wanted === shown) return;
    sheet.classList.add("loading");
    try {
      const source = token.get() ? await fetched(wanted, signal) : wanted;
      picture.src = source;
      await picture.decode();
      shown = wanted;
    } catch (error) {
      if (signal?.aborted || error.name === "AbortError") return;
      await get(wanted, signal); // says what is wrong, where the picture's own error does not
      throw error;
    } finally {
      sheet.classList.remove("loading");
    }
  }

  async function fetched(wanted, signal) {
    const next = URL.createObjectURL(await (await get(wanted, signal)).blob());
    if (url) URL.revokeObjectURL(url);
    url = next;
    return next;
  }

  const rectangles = () => marks?.pages.find((area) => area.number === page)?.rects ?? [];

  function toMark() {
    const rects = rectangles();
    const top = rects.length ? Math.min(...rects.map((rect) => rect[1])) : 0;
    const at = (top / pages[page - 1].height) * sheet.clientHeight;
    node.scrollTo({ top: Math.max(0, at - node.clientHeight / 3) });
  }

  return {
    node,
    page: () => page,
    async show(nextMarks, nextPage, signal) {
      marks = nextMarks;
      page = Math.min(Math.max(nextPage ?? marks?.pages[0]?.number ?? 1, 1), pages.length);
      const drawn = draw(signal);
      toMark();
      await drawn;
    },
    zoom(by) {
      const at = ZOOMS.indexOf(zoom) + by;
      if (!(at in ZOOMS)) return;
      zoom = ZOOMS[at];
      draw().catch(() => {});
    },
  };
}
