/** Where the operator's initials are kept. */
const KEY = 'initials';

export const readInitials = (): string => localStorage.getItem(KEY) ?? '';

export const keepInitials = (text: string): void => localStorage.setItem(KEY, text);
