package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.github.sequinroutes.cli.Settings;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** docs/promises.md 82: what is in deploy/ says nothing that Kubernetes or systemd does not know, and fits together. */
class DeployTest {
    private static final Path KUBERNETES = Path.of("deploy/kubernetes");
    private static final String NAME = "sequin-postgres-routes";

    /** Refuses unknown keys: the model would keep them, for what a later Kubernetes knows. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    private static Object yaml(String file) throws IOException {
        LoadSettings settings =
                LoadSettings.builder().setAllowDuplicateKeys(false).build();
        return new Load(settings).loadFromString(Files.readString(KUBERNETES.resolve(file)));
    }

    private static <T> T read(String file, Class<T> type) throws IOException {
        return STRICT.convertValue(yaml(file), type);
    }

    private static Map<String, String> selected() {
        return Map.of("app.kubernetes.io/name", NAME);
    }

    @Test
    void anUnknownKeyIsRefused() throws IOException {
        JsonNode deployment = STRICT.valueToTree(yaml("deployment.yaml"));
        ((ObjectNode) deployment.at("/spec/template/spec/containers/0/securityContext"))
                .put("readOnlyRootFileSystem", true);
        assertThrows(IllegalArgumentException.class, () -> STRICT.convertValue(deployment, Deployment.class));
    }

    @Test
    void everyFileIsReadAndTheyAreOneApplication() throws IOException {
        Deployment deployment = read("deployment.yaml", Deployment.class);
        assertEquals(selected(), deployment.getSpec().getSelector().getMatchLabels());
        assertEquals(
                selected(), deployment.getSpec().getTemplate().getMetadata().getLabels());
        Service service = read("service.yaml", Service.class);
        assertEquals(selected(), service.getSpec().getSelector());
        assertEquals(
                selected(),
                read("poddisruptionbudget.yaml", PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels());
        assertEquals(
                selected(),
                read("networkpolicy.yaml", NetworkPolicy.class)
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels());
        Container container =
                deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
        assertEquals(9876, container.getPorts().get(0).getContainerPort());
        assertEquals(9876, service.getSpec().getPorts().get(0).getPort());
        assertEquals(
                "/observe/health/live",
                container.getLivenessProbe().getHttpGet().getPath());
        assertEquals(
                "/observe/health/ready",
                container.getReadinessProbe().getHttpGet().getPath());
        assertEquals(
                0,
                deployment
                        .getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"deployment.yaml", "migrate.yaml"})
    void podsMayDoNothingButRun(String file) throws IOException {
        PodSpec pod = pod(file);
        assertTrue(pod.getSecurityContext().getRunAsNonRoot());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertEquals(false, pod.getAutomountServiceAccountToken());
        assertEquals(false, pod.getEnableServiceLinks());
        Container container = pod.getContainers().get(0);
        assertTrue(container.getSecurityContext().getReadOnlyRootFilesystem());
        assertEquals(false, container.getSecurityContext().getAllowPrivilegeEscalation());
        assertEquals(
                List.of("ALL"), container.getSecurityContext().getCapabilities().getDrop());
        assertEquals(
                List.of("tmp"),
                container.getVolumeMounts().stream()
                        .filter(mount -> !Boolean.TRUE.equals(mount.getReadOnly()))
                        .map(mount -> mount.getName())
                        .toList());
        assertTrue(container.getResources().getLimits().containsKey("memory"));
        String user = Files.readAllLines(Path.of("deploy/Dockerfile")).stream()
                .filter(line -> line.startsWith("USER "))
                .findFirst()
                .orElseThrow();
        assertEquals("USER %1$d:%1$d".formatted(pod.getSecurityContext().getRunAsUser()), user);
    }

    private static PodSpec pod(String file) throws IOException {
        return file.equals("migrate.yaml")
                ? read(file, Job.class).getSpec().getTemplate().getSpec()
                : read(file, Deployment.class).getSpec().getTemplate().getSpec();
    }

    /** With secrets in their files the variables are a configuration that can be used. */
    @ParameterizedTest
    @ValueSource(strings = {"deployment.yaml", "migrate.yaml"})
    void variablesAreKeys(String file) throws IOException {
        Map<String, String> variables =
                new HashMap<>(read("configmap.yaml", ConfigMap.class).getData());
        try (TemporaryFolder secrets = new TemporaryFolder("secrets")) {
            for (EnvVar variable : pod(file).getContainers().get(0).getEnv()) {
                String value = variable.getValue();
                if (value.startsWith("/secrets/")) {
                    Path secret = secrets.path().resolve(value.substring("/secrets/".length()));
                    value = Files.writeString(secret, "s3cret\n").toString();
                }
                variables.put(variable.getName(), value);
            }
            Map<String, String> unused = new HashMap<>(variables);
            Settings settings = new Settings(new Properties(), name -> {
                unused.remove(name);
                return variables.get(name);
            });
            assertEquals(List.of(), settings.warnings());
            assertEquals(Map.of(), unused);
        }
    }

    @Test
    void theScaledObjectIsWhatKedaKnows() throws IOException {
        JsonNode schema =
                STRICT.readTree(Files.readString(Path.of("src/test/resources/deploy/scaledobject.schema.json")));
        JsonNode object = STRICT.valueToTree(yaml("scaledobject.yaml"));
        assertEquals(
                "[]",
                JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(schema)
                        .validate(object)
                        .toString());
        assertEquals(
                read("deployment.yaml", Deployment.class).getMetadata().getName(),
                object.at("/spec/scaleTargetRef/name").textValue());
    }

    /** Who scales, who restarts and who drains a node agree on how many replicas there are at least. */
    @Test
    void replicasAreTheSameEverywhere() throws IOException {
        JsonNode object = STRICT.valueToTree(yaml("scaledobject.yaml"));
        int replicas = read("deployment.yaml", Deployment.class).getSpec().getReplicas();
        assertEquals(replicas, object.at("/spec/minReplicaCount").intValue());
        assertEquals(replicas, object.at("/spec/fallback/replicas").intValue());
        int unavailable = read("poddisruptionbudget.yaml", PodDisruptionBudget.class)
                .getSpec()
                .getMaxUnavailable()
                .getIntVal();
        assertTrue(unavailable < replicas, unavailable + " of " + replicas);
    }

    @Test
    void theKustomizationNamesTheFilesThatAreThere() throws IOException {
        JsonNode kustomization = STRICT.valueToTree(yaml("kustomization.yaml"));
        TreeSet<String> named = new TreeSet<>(List.of("kustomization.yaml", "migrate.yaml", "scaledobject.yaml"));
        kustomization.get("resources").forEach(resource -> named.add(resource.textValue()));
        try (Stream<Path> files = Files.list(KUBERNETES)) {
            assertEquals(
                    named.stream().toList(),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void systemdTakesTheUnitWithoutAWord() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "systemd-analyze"))),
                "systemd-analyze is not installed, so nobody has verified the unit");
        try (TemporaryFolder folder = new TemporaryFolder("systemd")) {
            String file = NAME + ".service";
            // which is where a package puts it, and not everybody has one
            Path java = Path.of(System.getProperty("java.home"), "bin/java");
            Path unit = folder.path().resolve(file);
            Files.writeString(
                    unit, Files.readString(Path.of("deploy/systemd", file)).replace("/usr/bin/java", java.toString()));
            Process verify = new ProcessBuilder("systemd-analyze", "verify", unit.toString())
                    .redirectErrorStream(true)
                    .start();
            assertEquals("", new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, verify.waitFor());
        }
    }
}
