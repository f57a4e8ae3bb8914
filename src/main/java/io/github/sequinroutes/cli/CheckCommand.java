package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.assembly.UnloadedFiles;
import io.github.sequinroutes.check.CheckedCollection;
import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.collection.FolderCheck;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Key;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.SourceDatabase;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.failure.RelativePath;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.source.SourceWarnings;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.write.UpsertSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks every template against the live schema, and writes nothing. */
@Command(
        name = "check",
        description = "Check the configuration, the routes, and every template against the live schema; write nothing.",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class CheckCommand implements Callable<Integer> {
    /** For a table that somebody has locked, lest that hide what is wrong with the others. */
    private static final String WAIT_BRIEFLY = "set lock_timeout = '2s'";

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions sourceOptions;

    @Mixin
    private SampleOptions sampleOptions;

    @Option(names = "--strict", description = "End with 1 if there is a warning.")
    private boolean strict;

    @Override
    public Integer call() throws Exception {
        CheckReport report = new CheckReport(spec.commandLine().getOut()::println, strict);
        SourceDatabase source = sourceOptions.source();
        Settings settings;
        try {
            settings = cli.silentSettings();
            report.ofNames(settings.doubts(), cli.configFile());
        } catch (SettingsException e) {
            if (!e.problems().keySet().equals(e.unknown())) {
                report.ofKeys(e, e.doubts(), cli.configFile());
                checkUnloaded(e, report);
                return report.status();
            }
            settings = cli.silentSettings(e.unknown());
            report.ofKeys(e, settings.doubts(), cli.configFile());
        }
        try (Standalone standalone = new Standalone(settings, Mode.CHECK)) {
            try {
                standalone.start();
            } catch (Exception e) {
                // what can be told of the files without a database is told all the same
                for (ConfiguredBundle bundle : settings.bundles()) {
                    report.print(UnloadedFiles.problems(bundle.config().routesUri(), format(bundle)), any -> true);
                }
                report.say("No template was tried, and no consumer asked, because of this:");
                int status = UserErrors.report(e, spec.commandLine().getErr());
                return Math.max(report.status(), status);
            }
            for (Bundle bundle : standalone.bundles()) {
                CheckReport part = report.part(
                        standalone.bundles().size() > 1 ? bundle.config().name() + ": " : "");
                if (source != null) {
                    ask(source, bundle, standalone.context(), part);
                }
                check(bundle, standalone.context(), settings, part);
                report.add(part);
            }
        }
        return report.status();
    }

    /** What can be told of the files without a database, and without the keys whose values cannot be used. */
    private void checkUnloaded(SettingsException wrong, CheckReport report) {
        for (ConfiguredBundle bundle : wrong.bundles()) {
            String collections = bundle.config().text(Keys.ROUTES) + "/collections";
            boolean isThere = !isWrong(wrong, bundle, Keys.ROUTES)
                    && (!bundle.config().routesUri().startsWith("file:") || Files.isDirectory(Path.of(collections)));
            if (isThere) {
                report.print(
                        UnloadedFiles.problems(
                                bundle.config().routesUri(), isWrong(wrong, bundle, Keys.API) ? null : format(bundle)),
                        any -> true);
            } else {
                report.say("The files in " + RelativePath.of(collections) + " were not read, because there is no such"
                        + " folder.");
            }
        }
        report.say("No template was tried, and no consumer asked, because the configuration cannot be used.");
    }

    private static boolean isWrong(SettingsException wrong, ConfiguredBundle bundle, Key<?> key) {
        String name = "sequin." + key.name();
        return wrong.problems().containsKey(name) || wrong.problems().containsKey(bundle.key(name));
    }

    private static MessageFormat format(ConfiguredBundle bundle) {
        return SequinApi.of(bundle.config().get(Keys.API)).format();
    }

    /** Warns of what will not come of the source's tables, or of its server: none of it makes the bundle's files wrong. */
    private static void ask(SourceDatabase source, Bundle bundle, CamelContext context, CheckReport report)
            throws SQLException {
        Consumer<String> warnings = report::warn;
        if (!bundle.config().get(Keys.API).equals("stream")) {
            warnings.accept("--source is for the Stream API, and sequin.api is "
                    + bundle.config().get(Keys.API));
            return;
        }
        try (Connection connection = source.connect()) {
            new SourceWarnings(connection, warnings)
                    .check(
                            bundle.files().routes(context).collections(),
                            bundle.config().get(Keys.IGNORE),
                            columns(bundle));
        }
    }

    /** The columns of the source that the templates of each collection name; none where one takes the row as a whole. */
    private static Map<String, Set<String>> columns(Bundle bundle) {
        Map<String, Set<String>> columns = new TreeMap<>();
        for (UpsertSink sink : bundle.collections().sinks()) {
            CheckedCollection checked = sink.checked();
            for (List<String> path : checked.upsert().paths()) {
                if (path.get(0).equals("record") && path.size() > 1) {
                    checked.writers().forEach(id -> columns.computeIfAbsent(id, any -> new TreeSet<>())
                            .add(path.get(1)));
                }
            }
        }
        return columns;
    }

    private void check(Bundle bundle, CamelContext context, Settings settings, CheckReport report) throws Exception {
        FolderCheck folder = new FolderCheck(context, bundle.config().routesUri() + "/collections");
        List<Problem> files = new ArrayList<>(folder.problems(bundle.files().problems()));
        files.addAll(bundle.ignoredRoutes());
        List<CheckedCollection> collections =
                bundle.collections().sinks().stream().map(UpsertSink::checked).toList();
        List<Problem> ofTemplates;
        try (Connection connection = bundle.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(WAIT_BRIEFLY);
            ofTemplates = TemplateChecks.check(connection, collections, true);
        }
        if (files.isEmpty() && bundle.files().routes(context).collections().isEmpty()) {
            report.warn("there is no collection in "
                    + RelativePath.of(bundle.config().get(Keys.ROUTES))
                    + "/collections: every message becomes a dead letter; scaffold writes them");
        }
        List<Problem> problems = new ArrayList<>(files);
        problems.addAll(ofTemplates);
        problems.addAll(sampleOptions.problems(bundle, context, folder));
        report.print(problems, problem -> files.contains(problem) || sampleOptions.isUnreadable(problem));
        String tables = bundle.database().problemOfTables();
        if (tables != null) {
            report.error(tables);
        }
        // messages that have been asked for have told whether the server answers
        ConsumerWarnings.of(bundle, key -> settings.placed(bundle.config().name(), key), !sampleOptions.isPeek())
                .forEach(report::warn);
        sampleOptions.untried().forEach(report::say);
        boolean isOfTemplates = problems.stream()
                .filter(problem -> !problem.isWarning())
                .noneMatch(problem ->
                        sampleOptions.isUnreadable(problem) || (files.contains(problem) && !isSql(problem.file())));
        if (isOfTemplates) {
            report.say(usable(collections, problems));
        }
    }

    private static boolean isSql(String file) {
        return file.endsWith(".sql");
    }

    private static String usable(List<CheckedCollection> collections, List<Problem> problems) {
        Set<String> wrong = problems.stream()
                .filter(problem -> !problem.isWarning())
                .map(Problem::file)
                .collect(Collectors.toSet());
        List<Template> templates = collections.stream()
                .flatMap(collection -> Stream.of(collection.upsert(), collection.delete()))
                .filter(Objects::nonNull)
                .toList();
        long usable = templates.stream()
                .filter(template -> !wrong.contains(template.file()))
                .count();
        // those that cannot even be read are of no collection
        wrong.removeIf(file -> !isSql(file)
                || templates.stream().anyMatch(template -> template.file().equals(file)));
        return "%d of %d templates can be used.".formatted(usable, templates.size() + wrong.size());
    }
}
