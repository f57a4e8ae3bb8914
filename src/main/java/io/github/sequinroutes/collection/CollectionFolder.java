package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.failure.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder {@code collections} with the user's YAML and SQL files: on disk, or on the class path. */
final class CollectionFolder {
    /** What stands before the name of a file that lies beside the folder. */
    static final String BESIDE = "../";

    private static final Logger LOG = LoggerFactory.getLogger(CollectionFolder.class);
    private static final String FILE = "file:";

    private final CamelContext context;
    private final String uri;

    /** What tells that a file has changed. */
    record Stamp(FileTime modified, long size, Object key) {}

    /** A folder, e.g. {@code file:/app/routes/collections} or {@code classpath:routes/collections}. */
    CollectionFolder(CamelContext context, String uri) {
        this.context = context;
        this.uri = uri;
    }

    /** The names of its files, of the folders in it, which end with a slash, and of those that should be in it, sorted, whatever order the file system has them in. */
    Set<String> names() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (isOnDisk()) {
            try (Stream<Path> files = Files.list(path())) {
                files.map(file -> file.getFileName() + (Files.isDirectory(file) ? "/" : ""))
                        .filter(name -> !name.startsWith("."))
                        .forEach(names::add);
            }
            MisplacedFiles.in(path().getParent()).forEach(name -> names.add(BESIDE + name));
            return names;
        }
        try {
            for (Resource file :
                    PluginHelper.getPackageScanResourceResolver(context).findResources(uri + "/*")) {
                names.add(FileUtil.stripPath(file.getLocation()));
            }
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        return names;
    }

    /** What the files with routes say, as far as they can be read. */
    List<String> routeTexts() {
        List<String> texts = new ArrayList<>();
        try {
            for (String name : names()) {
                if (CollectionFiles.isRouteFile(name)) {
                    texts.add(new String(read(name), StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            LOG.debug("A file cannot be read, which is told when it is loaded", e);
        }
        return texts;
    }

    /** What a file says, whatever its encoding, to look for names in it; nothing if it cannot be read. */
    String rawText(String name) {
        try {
            return new String(read(name), StandardCharsets.ISO_8859_1).replace("\0", "");
        } catch (IOException e) {
            return ""; // which is told of it elsewhere
        }
    }

    /** A warning for each file beside the folder that looks as if it were for a collection. */
    List<String> warningsBeside() throws IOException {
        return StrayFiles.lines(straysBeside());
    }

    /** The same, as problems. */
    List<Problem> straysBeside() throws IOException {
        return isOnDisk() ? StrayFiles.beside(path()) : List.of();
    }

    /** Whether there are files of collections in a folder of this name in it. */
    boolean hasRoutes(String name) {
        try {
            return isOnDisk() && StrayFiles.hasRoutes(path().resolve(name));
        } catch (IOException e) {
            return false; // what cannot be read is not loaded either
        }
    }

    /** Whether a file of this name lies beside the folder. */
    boolean isBeside(String name) {
        return isOnDisk() && Files.exists(path().resolveSibling(name));
    }

    /** How a file is called in messages: its path. */
    String location(String name) {
        String path = FileUtil.compactPath(uri.substring(uri.indexOf(':') + 1) + "/" + name, '/');
        return isOnDisk() ? RelativePath.of(path) : path;
    }

    /** The content of a file. */
    byte[] read(String name) throws IOException {
        if (isOnDisk()) {
            Path file = path().resolve(name);
            if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
                throw new IOException("it is a pipe or a device"); // to read it could take for ever
            }
            return Files.readAllBytes(file);
        }
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, uri + "/" + name)) {
            return in.readAllBytes();
        } catch (FileNotFoundException e) {
            throw new NoSuchFileException(name);
        }
    }

    /** What a file is now, or null if it is not there or on the class path, where nothing changes. */
    Stamp stamp(String name) {
        if (!isOnDisk()) {
            return null;
        }
        try {
            BasicFileAttributes file = Files.readAttributes(path().resolve(name), BasicFileAttributes.class);
            return new Stamp(file.lastModifiedTime(), file.size(), file.fileKey());
        } catch (IOException e) {
            return null;
        }
    }

    /** The paths of these files, if they are on disk. */
    List<Path> paths(Set<String> names) {
        return isOnDisk() ? names.stream().map(path()::resolve).toList() : List.of();
    }

    boolean isOnDisk() {
        return uri.startsWith(FILE);
    }

    private Path path() {
        return Path.of(uri.substring(FILE.length()));
    }
}
