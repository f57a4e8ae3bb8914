package io.github.sequinroutes.template;

/** Makes of a template another one, which writes the rows that are not there, and leaves alone those that are. */
public final class MissingRows {
    private MissingRows() {}

    /**
     * The statement of that template; null if the given one has not the form of an upsert, so that it is not known how.
     *
     * @param maxRecordSize the bytes of the largest record that is sent to the table
     */
    public static TemplateStatement of(Template template, int maxRecordSize) {
        TemplateShape shape = ShapeReader.readIfKnown(template);
        for (int at = shape == null ? 0 : shape.tail().from();
                shape != null && at < shape.tail().to();
                at++) {
            TemplateToken token = shape.tokens().get(at);
            if (token.is("do")) {
                String inserts = template.text().substring(0, token.start()) + "do nothing";
                return new TemplateStatement(new Template(template.file(), inserts), maxRecordSize);
            }
        }
        return null;
    }
}
