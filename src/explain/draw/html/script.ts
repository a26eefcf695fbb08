/**
 * The page works without it in current browsers: a link to something in a closed `details` opens it. The script does so
 * in older ones, moves the focus there, and unfolds everything for printing.
 */
export const pageScript = `
document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#flow-"]');
  if (!link) return;
  const target = document.getElementById(link.getAttribute('href').slice(1));
  const details = target && target.closest('details');
  if (!details) return;
  event.preventDefault();
  details.open = true;
  const summary = details.querySelector('summary');
  summary.focus({ preventScroll: true });
  details.scrollIntoView({ block: 'nearest' });
});
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details:not([open])')) {
    details.open = true;
    details.dataset.closed = '';
  }
});
addEventListener('afterprint', () => {
  for (const details of document.querySelectorAll('details[data-closed]')) {
    details.open = false;
    delete details.dataset.closed;
  }
});
`;
