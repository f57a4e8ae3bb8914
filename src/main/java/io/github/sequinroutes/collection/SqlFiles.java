package io.github.sequinroutes.collection;

import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    SqlFiles(CamelContext context, CollectionFolder folder) {
        this.context = context;
        this.folder = folder;
    }

    /** What is wrong with a template file, or null. It begins with its place if the file is there. */
    String problem(String value, String place) {
        String name = value;
        try {
            name = context.resolvePropertyPlaceholders(value);
            String text = CollectionFolder.text(folder.read(name));
            templates.put(name, new Template(folder.location(name), text));
            return null;
        } catch (TemplateException e) {
            return e.getMessage();
        } catch (CharacterCodingException e) {
            return folder.location(name) + ":1:1: is not UTF-8";
        } catch (NoSuchFileException e) {
            return place + ": there is no file " + folder.location(name) + hint(name);
        } catch (IOException e) {
            return place + ": the file " + folder.location(name) + " cannot be read (" + reason(e) + ")";
        } catch (InvalidPathException e) {
            return place + ": '" + name + "' is no name of a file";
        } catch (IllegalArgumentException e) {
            return place + ": " + e.getMessage(); // a placeholder that stands for nothing
        }
    }

    /** Notes what a route writes with: files in which nothing was found wrong. */
    void addSink(String upsert, String delete, boolean ledger) {
        Template upserts = template(upsert);
        if (upserts != null) {
            sinks.add(new SinkTemplates(upserts, template(delete), ledger));
        }
    }

    private Template template(String value) {
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
            names.removeIf(other -> !other.endsWith(".sql"));
            return DidYouMean.hint(name, names);
        } catch (IOException e) {
            return "";
        }
    }
}
