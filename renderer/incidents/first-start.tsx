import { FileSearch, FlaskConical, type LucideIcon, Plug } from 'lucide-react';
import type { ReactNode } from 'react';
import { openDialog } from '../state/view.ts';
import { Button, type ButtonLook } from '../ui/button.tsx';

/** Nothing happened here yet: three ways to something alive, each in about a minute. */
export function FirstStart({ onConnect }: { onConnect(): void }) {
  return (
    <section aria-labelledby="first-start">
      <h2 id="first-start" className="first-start-title">
        No incident yet. Three ways to begin:
      </h2>
      <ul className="first-start">
        <Choice
          icon={FlaskConical}
          title="See it work"
          action="Run a drill"
          look="primary"
          onChoose={() => openDialog('drill')}
        >
          A simulated shop breaks, evidence comes in, the analyst suggests what did it, and you countersign
          the way back. The first suggestion comes in a minute. Touches nothing real and needs nothing from
          you.
        </Choice>
        <Choice icon={Plug} title="Use your own systems" action="Connect a system" onChoose={onConnect}>
          Give the address of a Prometheus or an Alertmanager, or pick a cluster from your kubeconfig, and
          test it on the spot. An alert that fires then opens an incident by itself. It is only read, until
          you put an envelope in force.
        </Choice>
        <Choice
          icon={FileSearch}
          title="Ask about one window"
          action="Open a case file"
          onChoose={() => openDialog('case')}
        >
          Metrics and changes of one window, exported as a JSON file, are ranked on this machine: which change
          did it, and why. There is an example to try it with. Nothing is kept, nothing is sent.
        </Choice>
      </ul>
    </section>
  );
}

function Choice(choice: {
  icon: LucideIcon;
  title: string;
  action: string;
  look?: ButtonLook;
  onChoose(): void;
  children: ReactNode;
}) {
  const { icon: Icon, title, action, look = 'plain', onChoose, children } = choice;
  return (
    <li className="box choice">
      <h3 className="choice-title">
        <Icon size={18} aria-hidden />
        {title}
      </h3>
      <p className="muted">{children}</p>
      <Button look={look} onClick={onChoose}>
        {action}
      </Button>
    </li>
  );
}
