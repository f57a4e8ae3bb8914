package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.Utf8.NotUtf8Exception;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;

/** The SQL files of a folder, as the parameters of a route name them. */
final class SqlFiles {
    private final CamelContext context;
    private final CollectionFolder folder;
    /** As they were read, by name. */
    private final Map<String, Template> templates = new HashMap<>();

    private final List<SinkTemplates> sinks = new ArrayList<>();
    private String collection;

    SqlFiles(CamelContext context, CollectionFolder folder) {
        this.context = context;
        this.folder = folder;
    }

    /** What is wrong with a template file, or null: at its place in the file if that is there, else where it is named. */
    Problem problem(String value, String place) {
        String name = value;
        try {
            name = context.resolvePropertyPlaceholders(value);
            templates.put(name, read(name));
            return null;
        } catch (TemplateException e) {
            return PlacedText.read(e.getMessage(), folder.location(name));
        } catch (NotUtf8Exception e) {
            return new Problem(folder.location(name), e.line, e.column, false, e.getMessage());
        } catch (NoSuchFileException e) {
            return at(place, "there is no file " + folder.location(name) + hint(name));
        } catch (IOException e) {
            return at(
                    place,
                    "the file " + folder.location(name) + " cannot be read (" + reason(e)
                            + "); name one with a template");
        } catch (InvalidPathException e) {
            return at(place, "'" + name + "' is no name of a file");
        } catch (IllegalArgumentException e) {
            return at(place, e.getMessage()); // a placeholder that stands for nothing
        }
    }

    /** Notes for which collection the next routes are; null for none. */
    void begin(String of) {
        collection = of;
    }

    /** Notes what a route writes with: files in which nothing was found wrong. */
    void addSink(String upsert, String delete, boolean ledger, boolean hasSteps) {
        Template upserts = template(upsert);
        if (upserts != null) {
            sinks.add(new SinkTemplates(collection, upserts, template(delete), ledger, hasSteps));
        }
    }

    /** The template in a file that a parameter names; null if there is none, or something is wrong with it. */
    Template template(String value) {
        return value == null ? null : templates.get(context.resolvePropertyPlaceholders(value));
    }

    /** What the routes write with, as far as nothing is wrong with it. */
    List<SinkTemplates> sinks() {
        return sinks;
    }

    /** The templates by the names of their files. */
    Map<String, Template> templates() {
        return templates;
    }

    private static Problem at(String place, String text) {
        return PlacedText.read(place + ": " + text, "");
    }

    /** The template in a file. */
    Template read(String name) throws IOException, NotUtf8Exception {
        return new Template(folder.location(name), Utf8.text(folder.read(name)));
    }

    /** Why a file cannot be read, in words. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return "it is not there";
        }
        return e instanceof AccessDeniedException ? "access denied" : e.getMessage();
    }

    private String hint(String name) {
        try {
            Set<String> names = new TreeSet<>(folder.names());
            for (String other : names) {
                if (other.equalsIgnoreCase(name)) {
                    return "; the file that is there is called " + other + ", and case counts: write that";
                }
            }
            String last = name.substring(name.lastIndexOf('/') + 1);
            if (!last.equals(name) && names.contains(last)) {
                return "; name it without its folder: " + last;
            }
            if (folder.isBeside(name)) {
                return "; it lies beside the folder: move it there";
            }
            for (String other : names) {
                if (other.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ".")) {
                    return "; the file that is there is called " + other + ": rename it, or write that";
                }
            }
            // what a route names is that route's own
            names.removeIf(other ->
                    !other.endsWith(".sql") || folder.routeTexts().stream().anyMatch(text -> text.contains(other)));
            String near = Nearest.hint(name, names);
            return near.isEmpty() ? "; write it, or name one that is there" : near;
        } catch (IOException e) {
            return "";
        }
    }
}
