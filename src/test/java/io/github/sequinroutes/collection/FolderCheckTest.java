package io.github.sequinroutes.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake in the files of a collection is found at its place, with what to do, and nothing else is said. */
class FolderCheckTest {
    private static final CamelContext CONTEXT = new DefaultCamelContext();

    @BeforeAll
    static void loadTemplate() throws Exception {
        PluginHelper.getRoutesLoader(CONTEXT)
                .loadRoutes(ResourceHelper.resolveResource(CONTEXT, "file:routes/machine/upsert.camel.yaml"));
    }

    @AfterAll
    static void stop() {
        CONTEXT.stop();
    }

    private static List<String> check(FileMistakes.Case given) throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("check")) {
            Path folder = Files.createDirectory(home.path().resolve("collections"));
            FileMistakes.write(folder);
            given.edit().apply(folder);
            return new FolderCheck(CONTEXT, "file:" + folder)
                    .problems().stream()
                            .map(Problem::toString)
                            .map(line -> line.replace(folder + "/", "").replace(home.path() + "/", "../"))
                            .toList();
        }
    }

    static List<FileMistakes.Case> mistakes() {
        return FileMistakes.mistakes();
    }

    static List<FileMistakes.Case> variants() {
        return FileMistakes.variants();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsFound(FileMistakes.Case mistake) throws Exception {
        assertEquals(said().get(mistake.name()), check(mistake));
    }

    @Test
    void everyMistakeHasAMessage() throws Exception {
        Map<String, List<String>> said = said();
        assertEquals(
                mistakes().stream().map(FileMistakes.Case::name).toList(),
                said.keySet().stream().toList());
        said.forEach((name, lines) -> {
            assertFalse(lines.isEmpty(), name);
            assertEquals(
                    lines.stream()
                            .sorted(Comparator.comparing(FolderCheckTest::place))
                            .toList(),
                    lines,
                    name);
        });
    }

    /** What a list of places is sorted by: the file, and numbers as numbers. */
    private static String place(String line) {
        Matcher place = Pattern.compile("([^:]+):(\\d+):(\\d+): .+").matcher(line);
        assertTrue(place.matches(), line);
        return "%s:%09d:%09d"
                .formatted(place.group(1), Integer.parseInt(place.group(2)), Integer.parseInt(place.group(3)));
    }

    private static Map<String, List<String>> said() throws Exception {
        Map<String, List<String>> said = new LinkedHashMap<>();
        List<String> lines = List.of();
        for (String line : Files.readAllLines(Path.of("src/test/resources/file-mistakes.txt"))) {
            if (line.startsWith("    ")) {
                lines.add(line.strip());
            } else if (!line.startsWith("#")) {
                lines = new ArrayList<>();
                said.put(line, lines);
            }
        }
        return said;
    }

    /** What is wrong in itself is told at the place that the run of the files has found, unless that file has others. */
    @Test
    void whatLoadingFindsIsAdded() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("check")) {
            Path folder = Files.createDirectory(home.path().resolve("collections"));
            FileMistakes.write(folder);
            FolderCheck check = new FolderCheck(CONTEXT, "file:" + folder);
            String found = folder + "/acme-order.camel.yaml:7:9: Unsupported field: stepz";
            assertEquals(
                    List.of(found + "; did you mean steps?"),
                    check.problems(List.of(found)).stream()
                            .map(Problem::toString)
                            .toList());
            Files.writeString(folder.resolve("acme-order.camel.yaml"), "");
            assertEquals(
                    List.of(folder
                            + "/acme-order.camel.yaml:1:1: the file is empty; write a route, or remove the file"),
                    check.problems(List.of(found)).stream()
                            .filter(problem -> !problem.isWarning())
                            .map(Problem::toString)
                            .toList());
        }
    }

    @Test
    void aFolderThatIsNotThere() {
        List<Problem> problems = new FolderCheck(CONTEXT, "file:/no/such/folder").problems();
        assertEquals(
                List.of("/no/such/folder:1:1: the folder cannot be read (it is not there)"),
                problems.stream()
                        .map(problem -> problem.toString().replace("folder/", "folder"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void whatIsRightIsNot(FileMistakes.Case variant) throws Exception {
        assertEquals(List.of(), check(variant));
    }
}
