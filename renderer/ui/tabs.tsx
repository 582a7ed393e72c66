import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

type TabsProps<T extends string> = {
  label: string;
  value: T;
  tabs: readonly { value: T; label: string }[];
  content: Readonly<Record<T, ReactNode>>;
  onChange(value: T): void;
};

export function Tabs<T extends string>({ label, value, tabs, content, onChange }: TabsProps<T>) {
  return (
    <Radix.Root className="tabs" value={value} onValueChange={(next) => onChange(next as T)}>
      <Radix.List className="tabs-list" aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} className="tab" value={tab.value}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} className="tabs-content" value={tab.value} tabIndex={-1}>
          {content[tab.value]}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
