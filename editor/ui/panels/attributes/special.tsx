// The editor of a floating-point number, infinities, negative zero and NaN with its bits included.
import { Infinity as InfinityIcon } from 'lucide-react';
import { useRef } from 'react';
import type { Json } from '../../../../engine/browser.ts';
import { IconButton } from '../../look/button.tsx';
import { useMenu } from '../../look/menu.tsx';
import { NumberField } from '../../look/number-field.tsx';
import { TextField } from '../../look/text-field.tsx';
import type { EditorProps } from './value.tsx';

/** The numbers that JSON has no form for, as attributes write them. */
const SPECIALS = [
  { value: 'inf', title: 'Infinity' },
  { value: '-inf', title: 'Negative infinity' },
  { value: 'nan', title: 'Not a number' },
  { value: '-0', title: 'Negative zero' },
] as const;

export function SpecialNumber({ value, label, onChange }: EditorProps) {
  const { open, menu } = useMenu(`${label}: special values`);
  const element = useRef<HTMLDivElement>(null);
  const special = typeof value === 'string';
  return (
    <div className="value-special" ref={element}>
      {special ? (
        <TextField mono value={value} label={label} onChange={(text) => onChange(numberOr(text))} />
      ) : (
        <NumberField value={Number(value)} label={label} onChange={onChange} />
      )}
      <IconButton
        icon={InfinityIcon}
        size={12}
        title={`${label}: special values`}
        pressed={special}
        onClick={() => {
          const box = element.current!.getBoundingClientRect();
          open(
            [
              { title: 'Number', checked: !special, run: () => special && onChange(0) },
              'line',
              ...SPECIALS.map((one) => ({
                title: one.title,
                checked: value === one.value,
                run: () => onChange(one.value),
              })),
            ],
            { x: box.left, y: box.bottom + 2 },
          );
        }}
      />
      {menu}
    </div>
  );
}

/** A typed number as one; anything else stays a text, for the type to judge. */
const numberOr = (text: string): Json => {
  const number = Number(text.replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(number) && !Object.is(number, -0) ? number : text.trim();
};
