/**
 * Marks text that looks like instructions to whoever reads it. It blocks nothing and proves nothing: published detectors
 * miss half of what is buried, and this one is no better. What it finds is shown to a person and raises the ceremony.
 */
export type Suspicion = { kind: SuspicionKind; sentence: string };
export type SuspicionKind = keyof typeof SENTENCES;

const SENTENCES = {
  instruction: 'it tells its reader to disregard or to follow instructions',
  role: 'it speaks as a system, a tool or a model would',
  decision: 'it asks for an approval, an execution or a lower guard',
  hidden: 'it holds characters that are not seen',
  lookalike: 'it mixes alphabets within a word',
  markup: 'it would load or link to something elsewhere',
  payload: 'it holds a long encoded text',
} as const;

/** Each kind at most once, in the order of the list. Pure, and linear in the length of the text. */
export function suspicionsIn(text: string): Suspicion[] {
  const looked = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  // Compatibility forms (full-width letters and the like) are the letters they look like; what is not seen is left out.
  const plain = looked.normalize('NFKC').replaceAll(UNSEEN, '').replaceAll(/\s+/g, ' ').toLowerCase();
  return KINDS.filter(([, finds]) => finds(looked, plain)).map(([kind]) => ({
    kind,
    sentence: SENTENCES[kind],
  }));
}

/** The strings of an event or a result that could hold any of it, as one text. */
export const MOST_CHARACTERS = 64_000;

const UNSEEN = /(?:\p{Cf}|\p{Variation_Selector}|\u115f|\u1160|\u3164)/gu;

/** Who is told what to do with what: a verb, and its object within a few words. In the languages we could write. */
const INSTRUCTIONS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|do not follow|don't follow)\b.{0,40}\b(?:instructions?|prompts?|rules?|guidelines?|polic(?:y|ies)|context|above|previous|prior|everything|guard|safety)\b/,
  /\b(?:new|updated|real|actual|following|these) (?:instructions?|orders?|directives?|task)\b/,
  /\byou (?:are now|must now|must|should now|have to|shall|will now)\b.{0,60}\b(?:call|run|execute|approve|propose|respond|answer|reply|roll|scale|delete|restart|set|send|act|state|cite|output|say|ignore)\b/,
  /\b(?:as an ai|dear (?:ai|assistant|analyst|model)|attention,? (?:ai|assistant|analyst|model|llm)|(?:note|message) (?:to|for) (?:the )?(?:ai|assistant|analyst|model|llm))\b/,
  /\b(?:system|developer) (?:prompt|message|override|mode)\b/,
  /\b(?:ignorier\w*|vergiss|missachte)\b.{0,40}\b(?:anweisung\w*|regeln?|vorherig\w*|vorgaben?)\b/,
  /\b(?:ignore[zr]?|oublie[zr]?|ne tenez pas compte)\b.{0,40}\b(?:instructions?|consignes?|règles?|précédent\w*)/,
  /\b(?:ignora\w*|olvida\w*|descarta\w*)\b.{0,40}\b(?:instruccion\w*|instrucción|reglas?|anterior\w*)/,
  /\b(?:ignora\w*|dimentica\w*)\b.{0,40}\b(?:istruzion\w*|regole|precedent\w*)/,
  /\b(?:ignore|ignora\w*|esqueça|desconsidere)\b.{0,40}\b(?:instruç\w*|regras|anterior\w*)/,
  /\b(?:negeer|vergeet)\b.{0,40}\b(?:instructies?|regels|vorige)/,
  /\b(?:zignoruj|ignoruj|zapomnij)\b.{0,40}(?:instrukcj\w*|polece\w*|poprzedni\w*)/,
  /(?:игнорируй\w*|проигнорируй\w*|забудь\w*|не обращай внимания).{0,40}(?:инструкци\w*|указани\w*|правил\w*|предыдущ\w*)/,
  /(?:ігноруй\w*|забудь\w*).{0,40}(?:інструкці\w*|вказівк\w*|попередн\w*)/,
  /(?:önceki|yukarıdaki).{0,30}(?:talimat\w*|kural\w*).{0,30}(?:yok say|unut|görmezden)/,
  /(?:忽略|无视|無視|忘记|忘記|不要理会).{0,20}(?:指令|指示|说明|說明|规则|規則|提示|以上|之前)/,
  /(?:指示|命令|ルール|プロンプト).{0,12}(?:無視|忘れ)|(?:以前|上記|これまで).{0,12}(?:無視|忘れ)/,
  /(?:이전|위의|모든).{0,16}(?:지시|명령|규칙|지침).{0,16}(?:무시|잊)/,
  /(?:تجاهل|انس).{0,30}(?:التعليمات|الأوامر|القواعد|السابقة)/,
  /(?:התעלם|שכח).{0,30}(?:ההוראות|הוראות|הכללים|הקודמות)/,
  /(?:पिछले|पूर्व|सभी|उपरोक्त).{0,30}(?:निर्देश\S*).{0,30}(?:अनदेखा|भूल|नज़रअंदाज़)/,
  /(?:bỏ qua|quên).{0,30}(?:hướng dẫn|chỉ dẫn|lệnh|quy tắc)/,
  /(?:abaikan|lupakan).{0,30}(?:instruksi|perintah|aturan)/,
];

const ROLES: readonly RegExp[] = [
  /<\|?(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|tool_call|tool_response)\|?>/,
  /\[\/?(?:inst|sys|system|assistant)\]|<<\/?sys>>/,
  /<\/?(?:data-?\w*|tool_?results?|function_?(?:calls?|results?)|system(?:-reminder)?|instructions?|antml:\w+|invoke|thinking)\b[^>]{0,200}>/,
  /(?:^|[\n"'>]|\\n)\s{0,4}(?:human|assistant|system|developer|tool)\s{0,2}:\s/,
  /"role"\s{0,3}:\s{0,3}"(?:system|assistant|developer|tool|user)"|"type"\s{0,3}:\s{0,3}"tool_(?:use|result)"/,
  /#{2,}\s{0,3}(?:system|instruction|response|end of (?:data|context|log|result))/,
  /\b(?:begin|end) (?:system|of (?:data|context|tool|untrusted|user))\b/,
];

const DECISIONS: readonly RegExp[] = [
  // Our own name within a name, as in `dev.countersign.change.v1`, asks for nothing.
  /\b(?:auto-?)?(?:approve|(?<![.\w-])countersign(?![.\w-])|pre-?approved?|authori[sz]ed?)\b.{0,60}\b(?:proposals?|actions?|rollbacks?|changes?|executions?|all|it|this|immediately|without)\b/,
  /\b(?:execute|run|call|invoke|use)\b.{0,40}\b(?:propose_\w+|kubectl|tool|command|following|approve|rm -rf|escalate)\b/,
  /\b(?:propose|proposal)\b.{0,40}\b(?:immediately|now|at once|tier|confidence|ack|delet\w+|scal\w+ to (?:0|zero))\b/,
  /\b(?:set|use|state|with) (?:the )?(?:tier|confidence)\b.{0,20}(?:ack|1\.0|0\.9\d*|100|highest)/,
  /\b(?:disable|turn off|lift|skip|lower|remove|edit)\b.{0,30}\b(?:guard|kill ?switch|envelope|breaker|approval|audit|ledger|safety)\b/,
  /\b(?:reveal|print|repeat|show|leak|send|exfiltrate|post|upload)\b.{0,40}\b(?:system prompt|api[ _-]?keys?|tokens?|secrets?|credentials?|passwords?|environment variables?)\b/,
];

const MARKUP =
  /!\[[^\]]{0,300}\]\(|\]\(\s{0,4}(?:https?:|javascript:|data:|\/\/)|<(?:img|script|iframe|svg|object|embed|link|meta|a|style|video|audio|form|base)\b[^>]{0,300}>|javascript:|\bdata:text\/html/i;
/** Tags, zero-width and bidirectional characters, fillers, and controls but for tab, line feed and carriage return. */
const HIDDEN =
  /(?![\t\n\r])\p{Cc}|[\u{e0000}-\u{e007f}\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\u115f\u1160\u3164]/u;
/** A word of Latin letters with one of an alphabet that has the same shapes; a whole Greek or Russian word is none. */
const LOOKALIKE =
  /[a-z][\u0370-\u03ff\u0400-\u04ff\u0530-\u058f\u13a0-\u13ff]|[\u0370-\u03ff\u0400-\u04ff\u0530-\u058f\u13a0-\u13ff][a-z]/i;
const PAYLOAD = /[A-Za-z0-9+/]{400}|(?:\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%[0-9a-f]{2}){60}/i;

const KINDS: readonly [SuspicionKind, (text: string, plain: string) => boolean][] = [
  ['instruction', (_text, plain) => INSTRUCTIONS.some((pattern) => pattern.test(plain))],
  ['role', (text, plain) => ROLES.some((pattern) => pattern.test(plain) || pattern.test(text.toLowerCase()))],
  ['decision', (_text, plain) => DECISIONS.some((pattern) => pattern.test(plain))],
  ['hidden', (text) => HIDDEN.test(text)],
  ['lookalike', (text) => LOOKALIKE.test(text)],
  ['markup', (text) => MARKUP.test(text)],
  ['payload', (text) => PAYLOAD.test(text)],
];
