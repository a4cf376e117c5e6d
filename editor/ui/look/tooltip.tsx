// A few words and a shortcut beside the thing under the pointer or with the focus.
import { type FocusEvent, type ReactElement, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Keys } from './keys.tsx';
import './tooltip.css';

const DELAY = 450;
const MARGIN = 6;

export interface TooltipProps {
  readonly text: string;
  /** A shortcut as `registerActions` writes it. */
  readonly keys?: string;
  /** One element. */
  readonly child: ReactElement;
}

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly above: boolean;
}

/** Shows after a moment under the pointer, at once for the focus of the keyboard; never takes the pointer. */
export function Tooltip({ text, keys, child }: TooltipProps) {
  const [spot, setSpot] = useState<Spot | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  useEffect(() => () => clearTimeout(timer.current), []);

  const open = (element: Element): void => {
    const box = element.getBoundingClientRect();
    const above = box.bottom + 40 > window.innerHeight;
    setSpot({ x: box.left + box.width / 2, y: above ? box.top - MARGIN : box.bottom + MARGIN, above });
  };
  const close = (): void => {
    clearTimeout(timer.current);
    setSpot(null);
  };
  const focus = ({ target }: FocusEvent): void => {
    if (target.matches(':focus-visible')) open(target);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its child can do
    <span
      className="tooltip-around"
      aria-describedby={spot ? id : undefined}
      onPointerEnter={({ currentTarget }) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => open(currentTarget.firstElementChild ?? currentTarget), DELAY);
      }}
      onPointerLeave={close}
      onPointerDown={close}
      onFocus={focus}
      onBlur={close}
    >
      {child}
      {spot &&
        createPortal(
          <div
            ref={keepInside}
            id={id}
            role="tooltip"
            popover="manual"
            className={`tooltip ${spot.above ? 'tooltip-above' : ''}`}
            style={{ left: spot.x, top: spot.y }}
          >
            {text}
            {keys && <Keys keys={keys} />}
          </div>,
          document.body,
        )}
    </span>
  );
}

/** Moves what would stick out at a side of the window inwards. */
function keepInside(element: HTMLElement | null): void {
  if (!element) return;
  // The top layer: dialogs lie below it.
  element.showPopover();
  const { left, right } = element.getBoundingClientRect();
  const over = Math.max(0, right + MARGIN - window.innerWidth);
  const shift = left - over < MARGIN ? MARGIN - left : -over;
  if (shift !== 0) element.style.marginLeft = `${shift}px`;
}
