// VS Code's JSON language service, given a schema: what it proposes and what it marks in a file.
//   editor.mjs {"schema": TEXT, "file": TEXT}   a `‸` in the file is the cursor; prints {"completions", "problems"}
import { getLanguageService } from 'vscode-json-languageservice';
import { TextDocument } from 'vscode-languageserver-textdocument';

const { schema, file } = JSON.parse(process.argv[2]);
const uri = 'file:///connectors/acme.json';
// a file that names the bundle by `$schema` gets it
const service = getLanguageService({ schemaRequestService: async () => schema });
service.configure({ schemas: [{ uri: 'file:///schemas/connector.bundle.json', fileMatch: ['*.json'], schema: JSON.parse(schema) }] });

const cursor = file.indexOf('‸');
const text = TextDocument.create(uri, 'json', 1, file.replace('‸', ''));
const parsed = service.parseJSONDocument(text);
const completions = cursor < 0 ? null : await service.doComplete(text, text.positionAt(cursor), parsed);
const problems = await service.doValidation(text, parsed);
const hover = cursor < 0 ? null : await service.doHover(text, text.positionAt(cursor), parsed);
process.stdout.write(
  JSON.stringify({
    completions: (completions?.items ?? []).map((item) => item.label),
    problems: problems.map(({ range, message }) => ({ line: range.start.line + 1, text: text.getText(range), message })),
    hover: hover?.contents ?? null,
  }),
);
