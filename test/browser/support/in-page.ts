/** Expressions for the page, as text: the types of this project are those of Node, which has no DOM. */

/** Texts of visible drawings that touch each other, leave their box, or are smaller than 12 pixels. */
export const drawingFaults = `(() => {
  const faults = [];
  const meet = (one, other) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 0.5 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0.5;
  const isIn = (inner, outer) =>
    inner.left >= outer.left + 4 && inner.right <= outer.right - 4 &&
    inner.top >= outer.top && inner.bottom <= outer.bottom;
  const placed = element => ({ element, area: element.getBoundingClientRect(), text: element.textContent });
  for (const svg of document.querySelectorAll('svg')) {
    if (svg.getClientRects().length === 0) continue;
    const whole = svg.getBoundingClientRect();
    const scale = whole.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll('text')].map(placed);
    const boxes = [...svg.querySelectorAll('rect')].map(placed);
    if (texts.length < 10) faults.push('too few texts');
    for (const [index, { element, area, text }] of texts.entries()) {
      for (const other of texts.slice(index + 1))
        if (meet(area, other.area)) faults.push('overlap: ' + text + ' | ' + other.text);
      for (const box of boxes) {
        const isOwn = box.element.parentNode === element.parentNode && element.parentNode !== svg;
        if (isOwn && !isIn(area, box.area)) faults.push('leaves its box: ' + text);
        if (!isOwn && meet(area, box.area)) faults.push('over a box: ' + text);
      }
      if (area.right > whole.right + 1 || area.left < whole.left) faults.push('leaves the drawing: ' + text);
      const size = parseFloat(getComputedStyle(element).fontSize) * scale;
      if (size < 11.99) faults.push(size + ' pixels: ' + text);
    }
  }
  return faults;
})()`;

/** By how much the page is wider than the window. */
export const horizontalScroll = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** Steps of the list whose text has hardly any room. */
export const squeezed = `[...document.querySelectorAll('.what')]
  .filter(one => one.getClientRects().length > 0 && one.getBoundingClientRect().width < 150)
  .map(one => one.textContent)`;

/** Visible texts whose contrast with what is behind them is less than 4.5 (WCAG 2.2, 1.4.3 AA). */
export const contrastFaults = String.raw`(() => {
  const parse = color => color.match(/[\d.]+/g).map(Number);
  const linear = part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = color => {
    const [red, green, blue] = parse(color).map(part => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const isClear = color => color === 'transparent' || parse(color)[3] === 0;
  const behind = element => {
    const isInBox = element.ownerSVGElement && element.parentNode !== element.ownerSVGElement;
    if (isInBox) return getComputedStyle(element.parentNode.querySelector('rect')).fill;
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor;
      if (!isClear(color)) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  const faults = new Set();
  let checked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (text === '' || element.getClientRects().length === 0) continue;
    if (['SCRIPT', 'STYLE', 'title', 'desc'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const colors = [element.ownerSVGElement ? style.fill : style.color, behind(element)];
    const [darker, lighter] = colors.map(luminance).sort((one, other) => one - other);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    checked++;
    if (ratio < 4.5) faults.add(ratio.toFixed(2) + ' ' + colors.join(' on ') + ': ' + text.slice(0, 40));
  }
  if (checked < 50) faults.add('only ' + checked + ' texts were checked');
  return [...faults];
})()`;

/** The ids of the flows that can be seen. */
export const visibleFlows = `[...document.querySelectorAll('.panel')]
  .filter(panel => panel.getClientRects().length > 0).map(({ id }) => id)`;

/** How many rules are in something folded. */
export const foldedRules = `[...document.querySelectorAll('.rule')].filter(one => !one.checkVisibility()).length`;

/** `visible` if it can be seen what has the focus, or else that element. */
export const visibleFocus = `(focused => {
  const marked = [focused, focused.closest('label'), focused.querySelector('rect')];
  const isMarked = one => getComputedStyle(one).outlineStyle === 'solid' || getComputedStyle(one).strokeWidth === '4px';
  return marked.some(one => one && isMarked(one)) ? 'visible' : focused.outerHTML.slice(0, 80);
})(document.activeElement)`;
