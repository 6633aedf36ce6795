import type { TemplateWork } from './templateMonitor.ts';
export function templateThresholds(_work: TemplateWork, runLength: number): { single: number; several: number } {
  return { single: Math.log(runLength) + 6.3, several: Math.log(runLength) + 12 };
}
