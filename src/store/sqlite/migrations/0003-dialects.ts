/** What a dialect keeps with its tasks. */
export const DIALECTS = `
ALTER TABLE tasks ADD COLUMN memo TEXT;
`;
