package io.github.sequinroutes.collection;

import io.github.sequinroutes.check.TemplateRoles;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Checks what a route says of the writing of its collection: as parameters of a {@code templatedRoute}, or of a step. */
final class SinkCheck {
    private static final List<String> GUARDS = List.of("template", "ledger");
    /** Of a step; Camel knows more, and says so of any other. */
    private static final List<String> FIELDS = List.of("uri", "name", "parameters", "id", "description", "note");

    private static final Map<String, List<String>> PARAMETERS = Map.of(
            "postgres-upsert-sink", List.of("upsert", "delete", "guard"),
            "dead-letter-sink", List.of("error"),
            "drop-sink", List.of());

    private final YamlText yaml;
    private final SqlFiles sqlFiles;

    SinkCheck(YamlText yaml, SqlFiles sqlFiles) {
        this.yaml = yaml;
        this.sqlFiles = sqlFiles;
    }

    /** Finds a Kamelet whose name is nearly one of this project's. */
    void checkName(Node step) {
        String uri = OrdinaryRoute.uri(step);
        if (!uri.startsWith("kamelet:")) {
            yaml.report(
                    step, "there is no component " + uri.substring(0, uri.indexOf(':')) + "; did you mean kamelet?");
            return;
        }
        String name = uri.replaceFirst("^kamelet:(//)?", "").replaceFirst("[/?].*", "");
        String hint = Nearest.hint(name, PARAMETERS.keySet());
        if (!hint.isEmpty()) {
            yaml.report(step, "there is no Kamelet " + name + hint);
        }
    }

    /** Checks a step that is a Kamelet of this project. */
    void checkStep(Node step) {
        String name = OrdinaryRoute.name(step);
        boolean isMisspelt = checkFields(step); // then its parameters may only seem to be missing
        List<String> known = PARAMETERS.get(name);
        Map<String, Node> parameters = OrdinaryRoute.parameters(step);
        for (String parameter : new TreeSet<>(parameters.keySet())) {
            if (!known.contains(parameter)) {
                String hint = Nearest.hint(parameter, known);
                isMisspelt |= hint.contains("upsert");
                yaml.report(
                        parameters.get(parameter),
                        name + " has no parameter " + parameter + " in the route of a collection" + hint);
            }
        }
        if (name.equals("postgres-upsert-sink")) {
            if (!parameters.containsKey("upsert") && !isMisspelt) {
                yaml.report(step, "parameter upsert is missing; it names the file with the upsert template");
            }
            checkTemplates(parameters, true);
        }
    }

    /** Returns whether one is misspelt. */
    private boolean checkFields(Node step) {
        boolean isMisspelt = false;
        if (step instanceof MappingNode object) {
            for (NodeTuple field : object.getValue()) {
                String name = String.valueOf(YamlText.text(field.getKeyNode()));
                String hint = FIELDS.contains(name) ? "" : Nearest.hint(name, FIELDS);
                if (!hint.isEmpty()) {
                    isMisspelt = true;
                    yaml.report(field.getKeyNode(), "a step has no " + name + hint);
                }
            }
        }
        return isMisspelt;
    }

    /** Checks the parameters upsert, delete and guard; {@code hasSteps} says whether steps come before. */
    void checkTemplates(Map<String, Node> parameters, boolean hasSteps) {
        Node guard = parameters.get("guard");
        if (guard != null && !GUARDS.contains(String.valueOf(YamlText.text(guard)))) {
            String value = YamlText.text(guard);
            yaml.report(
                    guard,
                    "guard must be template or ledger, not '" + value + "'"
                            + (value == null ? "" : Nearest.hint(value, GUARDS)));
        }
        int before = yaml.count();
        checkFile(parameters.get("upsert"), false);
        checkFile(parameters.get("delete"), true);
        if (yaml.count() == before) {
            checkRoles(parameters.get("upsert"), parameters.get("delete"));
        }
        sqlFiles.addSink(
                YamlText.text(parameters.get("upsert")),
                YamlText.text(parameters.get("delete")),
                "ledger".equals(YamlText.text(guard)),
                hasSteps);
    }

    private void checkRoles(Node upsert, Node delete) {
        Template upserts = sqlFiles.template(YamlText.text(upsert));
        Template deletes = sqlFiles.template(YamlText.text(delete));
        if (upserts == null) {
            return;
        }
        if (TemplateRoles.deletesOnly(upserts)) {
            boolean areSwapped = deletes != null && TemplateRoles.inserts(deletes);
            yaml.report(
                    upsert,
                    "upsert names a template that deletes" + (areSwapped ? ", and delete one that inserts" : "")
                            + ", so no record would be written; "
                            + (areSwapped
                                    ? "swap them: upsert is " + YamlText.text(delete) + ", and delete "
                                            + YamlText.text(upsert)
                                    : "name the template that inserts, and this one as delete")
                            + "; if it is meant, add -- sequin: allow lost-updates to the template");
        } else if (upserts.equals(deletes) && TemplateRoles.inserts(upserts)) {
            yaml.report(
                    delete,
                    "delete names the template that upsert names, so deletions would be written as any record; name"
                            + " one that deletes, or leave it out");
        }
    }

    private void checkFile(Node file, boolean optional) {
        String name = YamlText.text(file);
        if (file == null || (optional && "".equals(name))) {
            return;
        }
        if (name == null || name.isEmpty()) {
            yaml.report(file, "the name of a file is missing");
            return;
        }
        Problem problem = sqlFiles.problem(name, yaml.place(file));
        if (problem != null) {
            yaml.add(problem);
        }
    }
}
