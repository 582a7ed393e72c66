/** What a browser without a session sees: why, and how to get in. */
export function SignInPage({ unreachable = false }: { unreachable?: boolean }) {
  return (
    <main className="sign-in">
      <h1>{unreachable ? 'Countersign did not answer' : 'This browser is not signed in'}</h1>
      {unreachable ? (
        <p>
          The sign-in could not be sent. Check that Countersign still runs in its terminal, then open its
          address again.
        </p>
      ) : (
        <p>
          Countersign lets in only who holds the address that it printed when it started. That address carries
          a token that works once.
        </p>
      )}
      <ol>
        <li>
          Look at the terminal where <code>npm start</code> runs.
        </li>
        <li>
          Open the whole address it shows, from <code>http://</code> to the end of <code>#token=…</code>, in
          this browser.
        </li>
        <li>
          Each address works once. Press <kbd className="kbd">Enter</kbd> in that terminal to get a new one.
        </li>
      </ol>
      <p className="muted">Incidents, drills and the ledger keep running meanwhile; nothing is lost.</p>
    </main>
  );
}
