package io.github.sequinroutes;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house: which floor may know which, and what of it is public. */
class ArchitectureTest {
    private static final String ROOT = "io.github.sequinroutes";

    /** From the roof to the cellar: a package knows only those below its floor. */
    private static final List<List<String>> FLOORS = List.of(
            List.of("cli", "spring", "kamelet"),
            List.of("bundle"),
            List.of("assembly"),
            List.of("observe"),
            List.of("write", "poll", "sample"),
            List.of("collection", "deadletter", "scaffold"),
            List.of("check"),
            List.of("template", "source"),
            List.of("database"),
            List.of("failure", "sequin"),
            List.of("message"),
            List.of("json", "config"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static final DescribedPredicate<JavaClass> INTERNAL =
            resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT + ".bundle")));

    private static String[] packages(Stream<String> names) {
        return names.map(name -> ROOT + "." + name + "..").toArray(String[]::new);
    }

    @Test
    void dependenciesPointDownwards() {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            for (String name : FLOORS.get(floor)) {
                List<String> allowed = new ArrayList<>(List.of(name));
                FLOORS.subList(floor + 1, FLOORS.size()).forEach(allowed::addAll);
                noClasses()
                        .that(resideInAPackage(ROOT + "." + name + ".."))
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(packages(allowed.stream())))))
                        .check(CLASSES);
            }
        }
    }

    @Test
    void everyPackageHasItsFloor() {
        classes()
                .should()
                .resideInAnyPackage(packages(FLOORS.stream().flatMap(List::stream)))
                .check(CLASSES);
    }

    /** What an embedder can reach must not lead to what may change. */
    @Test
    void thePublicApiNamesNoInternalType() {
        methods()
                .that()
                .areDeclaredInClassesThat(resideInAPackage(ROOT + ".bundle").and(modifier(PUBLIC)))
                .and()
                .arePublic()
                .should()
                .notHaveRawReturnType(INTERNAL)
                .andShould()
                .notHaveRawParameterTypes(DescribedPredicate.anyElementThat(INTERNAL))
                .check(CLASSES);
    }

    /** A change of what embedders use shall be seen. */
    @Test
    void thePublicApiIsWhatTheListSays() throws Exception {
        String api = CLASSES.stream()
                .filter(type -> type.getPackageName().equals(ROOT + ".bundle")
                        && type.getModifiers().contains(PUBLIC))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(PUBLIC)
                        && !unit.getModifiers().contains(SYNTHETIC))
                .map(unit -> unit.getFullName().replace(ROOT + ".bundle.", "").replace(ROOT + ".", ""))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
        assertEquals(Files.readString(Path.of("src/test/resources/public-api.txt")), api);
    }
}
