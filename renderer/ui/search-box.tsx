import { Search } from 'lucide-react';
import type { Ref } from 'react';

type SearchBoxProps = {
  label: string;
  placeholder: string;
  text: string;
  onText(text: string): void;
  ref?: Ref<HTMLInputElement>;
};

/** Narrows what stands below it while somebody types; Escape lets go of it. */
export function SearchBox({ label, placeholder, text, onText, ref }: SearchBoxProps) {
  return (
    <div className="search-box">
      <Search size={13} aria-hidden />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={({ target }) => onText(target.value)}
        onKeyDown={(press) => {
          if (press.key !== 'Escape') return;
          onText('');
          press.currentTarget.blur();
        }}
      />
    </div>
  );
}
