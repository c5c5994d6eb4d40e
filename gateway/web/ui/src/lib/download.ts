// SPDX-License-Identifier: Apache-2.0
// Hands a text to the person as a file.

export function offer(name: string, text: string, type = 'application/json'): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** busbar-<what>-2026-03-01.<ending> */
export const fileName = (what: string, ending: string, at = new Date()): string => `busbar-${what}-${at.toISOString().slice(0, 10)}.${ending}`;
