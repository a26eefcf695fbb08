/** What every tool is started with: the C locale, in which its output is parsed, and sbin, where the tools live and which an ordinary user's PATH often lacks. */
export const toolEnvironment = () => ({
  LC_ALL: 'C',
  PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
});
