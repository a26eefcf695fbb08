/** Joins the values of an option that may be given several times: each is a list with commas. */
export const joined = (value: string, previous: string | undefined): string =>
  previous === undefined ? value : `${previous},${value}`;
