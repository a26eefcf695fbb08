/** The languages of the lesson. */
export const languages = ['en', 'ja'] as const;

export type Language = (typeof languages)[number];

/** The same thing in every language. */
export type InLanguages<Text> = Readonly<Record<Language, Text>>;
