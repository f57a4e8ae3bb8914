package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TcpProxy;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 87: the status page in a real browser. Its pictures are left in target. */
@Tag("browser")
@Execution(ExecutionMode.SAME_THREAD) // Playwright belongs to one
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatusPageBrowserTest {
    private static final String TOKEN = "p0rt+t0ken/=";
    private static final int PATIENCE_MILLIS = 12_000;

    private static TestBundle bundle;
    private static TcpProxy network;
    private static Playwright playwright;
    private static Browser browser;
    private static String origin;

    private final List<String> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    private static Optional<Path> chromium() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                chromium().isPresent(),
                "There is no Chromium in /usr/bin (the package chromium on Debian): the status page is not looked at");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium().orElseThrow())
                        .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        startBundle();
    }

    private static void startBundle() throws Exception {
        int port = Ports.free();
        origin = "http://127.0.0.1:" + port + "/";
        bundle = Things.guardedByTheTemplate(new TestBundle());
        network = bundle.network();
        bundle.database().execute("drop table stripe.subscriptions");
        bundle.set("camel.management.enabled", "true")
                .set("camel.management.port", Integer.toString(port))
                .set("camel.management.host", "127.0.0.1")
                .set("sequin.management-token", TOKEN)
                .offer(Things.things(250))
                .offer(TestRecord.of("stripe:customer", "<b>much</b>", 1, "{\"balance\": \"much\"}"))
                .start()
                .awaitDrained()
                .offer(TestRecord.of("stripe:subscription", "a", 1, "{}"))
                .awaitUnhealthy("stripe.subscriptions");
    }

    @AfterAll
    static void end() throws Exception {
        if (browser != null) {
            browser.close();
            playwright.close();
            bundle.close();
        }
    }

    private void open(ColorScheme scheme, int width, int height) {
        context = browser.newContext(new Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(width, height)
                .setHttpCredentials("somebody", TOKEN));
        page = context.newPage();
        page.onRequest(request -> requests.add(request.url()));
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.onPageError(complaints::add);
        page.navigate(origin);
        PlaywrightAssertions.assertThat(page.locator("figure[data-chart=rate] canvas"))
                .isVisible();
    }

    @AfterEach
    void closePage() {
        context.close();
    }

    private Locator row(String of) {
        return page.locator("tbody tr").filter(new Locator.FilterOptions().setHasText(of));
    }

    private void assertText(Locator where, String... parts) {
        for (String part : parts) {
            PlaywrightAssertions.assertThat(where).containsText(part);
        }
    }

    private void assertAccessible() throws Exception {
        try (InputStream axe = StatusPageBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object violations = page.evaluate("axe.run().then(result => result.violations.concat(result.incomplete)"
                + ".map(each => each.id + ': ' + each.nodes.map(node => node.html + ' ' + node.failureSummary)))");
        assertEquals(List.of(), violations);
    }

    /** The page is as wide as the window, so that nobody scrolls sideways. */
    private void assertFits(int width) {
        assertEquals(width, page.evaluate("document.scrollingElement.scrollWidth"));
    }

    private void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/status-page-" + name + ".png"))
                .setFullPage(true));
    }

    @Order(1)
    @ParameterizedTest
    @CsvSource({"LIGHT, 1280", "DARK, 1280", "LIGHT, 375", "DARK, 375", "LIGHT, 320", "LIGHT, 800", "LIGHT, 940"})
    void itShowsAtAGlanceHowTheBundleDoes(ColorScheme scheme, int width) throws Exception {
        open(scheme, width, 800);
        assertText(page.locator("#state"), "1 problem");
        for (String chart : List.of("rate", "lag", "pending")) {
            Locator figure = page.locator("figure[data-chart=" + chart + "]");
            PlaywrightAssertions.assertThat(figure.locator("canvas")).isVisible();
            assertTrue(Integer.parseInt(figure.getAttribute("data-points")) > 0, chart);
            assertText(figure.locator("figcaption"), "now ", "least ", "most ");
        }
        assertText(row("relation \"stripe.subscriptions\""), "stripe:subscription", "paused", "does not exist");
        assertText(row("test:thing"), "running", "250");
        assertText(row("<b>much</b>"), "stripe:customer", "rejected (22P02)", "invalid input syntax for type bigint");
        assertAccessible();
        assertFits(width);
        picture(scheme.name().toLowerCase(Locale.ROOT) + "-" + width);
        assertTrue(
                requests.stream().allMatch(url -> url.startsWith(origin) || url.equals("data:,")), requests::toString);
        assertEquals(List.of(), complaints);
    }

    @Order(2)
    @Test
    void theKeyboardReachesWhatCanBeReached() {
        open(ColorScheme.LIGHT, 1280, 800);
        page.keyboard().press("Tab");
        assertEquals("Health", page.evaluate("document.activeElement.textContent"));
        assertEquals("3px", page.evaluate("getComputedStyle(document.activeElement).outlineWidth"));
    }

    @Order(2)
    @Test
    void aPageWithTheTokenInItsAddressShowsTheSame() {
        context = browser.newContext();
        page = context.newPage();
        String token = URLEncoder.encode(TOKEN, StandardCharsets.UTF_8);
        page.navigate(origin.replace("//", "//somebody:" + token + "@") + "observe");
        assertText(page.locator("#state"), "1 problem");
    }

    @Order(3)
    @Test
    void itFollowsWhatHappens() throws Exception {
        open(ColorScheme.LIGHT, 1280, 800);
        bundle.offer(Things.things(300)).offer(TestRecord.of("no:route", "b", 1, "{}"));
        assertText(row("test:thing"), "550");
        assertText(page.locator(".letters tbody"), "unknown-collection");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        assertAccessible();
        assertEquals(List.of(), complaints);
    }

    @Order(4)
    @Test
    void itAnswersWhilePostgresIsAway() throws Exception {
        open(ColorScheme.LIGHT, 1280, 800);
        network.refuse();
        network.cut();
        assertText(page.locator(".problems"), "postgres: ");
        assertText(page.locator(".letters-state"), "PostgreSQL does not tell them now", "What is here is of");
        long begin = System.nanoTime();
        page.reload();
        assertText(page.locator(".problems"), "postgres: ");
        assertText(row("<b>much</b>"), "rejected");
        assertTrue(System.nanoTime() - begin < 5_000_000_000L);
        assertAccessible();
        picture("away");
        network.accept();
        PlaywrightAssertions.assertThat(page.locator(".problems")).isHidden();
        assertText(page.locator(".letters-state"), "What failed last is first");
    }

    @Order(5)
    @Test
    void itSaysWhenTheProcessNoLongerAnswers() throws Exception {
        open(ColorScheme.DARK, 375, 800);
        bundle.standalone().close();
        assertText(page.locator("#state"), "The process does not answer; what is here is of ");
        assertText(row("test:thing"), "550");
        assertAccessible();
        picture("gone");
        await().until(() -> page.title().startsWith("The process does not answer"));
    }
}
