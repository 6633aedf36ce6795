/** Kinds of measurement that stages have presets for. */
export const MODALITIES = ['XRD', 'EELS', 'EDX', 'XPS', 'Raman', 'XAS'] as const;
export type Modality = (typeof MODALITIES)[number];

/** The modality of that name, in whatever case; null for one without presets. */
export function modalityOf(name: string): Modality | null {
  return MODALITIES.find((modality) => modality.toLowerCase() === name.toLowerCase()) ?? null;
}
