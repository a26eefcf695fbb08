/**
 * Returns the variables that every tool is started with: the C locale, because its output is parsed, and a PATH that
 * ends with the sbin folders, which hold the tools and are often missing from an ordinary user's PATH.
 */
export const toolEnvironment = () => ({
  LC_ALL: 'C',
  PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
});
