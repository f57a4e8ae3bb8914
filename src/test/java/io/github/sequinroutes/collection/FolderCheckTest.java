package io.github.sequinroutes.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
        List<String> l = check(mistake);
        StringBuilder b = new StringBuilder("@@ " + mistake + "\n");
        l.forEach(x -> b.append("@@    " + x + "\n"));
        System.out.print(b);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void whatIsRightIsNot(FileMistakes.Case variant) throws Exception {
        assertEquals(List.of(), check(variant));
    }
}
