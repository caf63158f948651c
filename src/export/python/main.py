def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", help="@@weights_help@@")
    parser.add_argument("--images", help="an IDX file of images")
    parser.add_argument("--labels", help="an IDX file of their labels")
    parser.add_argument("--train", metavar="FOLDER", help="the folder with the four IDX files")
    parser.add_argument("--save", metavar="FILE", help="where the trained model goes (@@saved_as@@)")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help=f"of the training; of the spec: {EPOCHS}")
    parser.add_argument("--limit", type=int, metavar="N", help="train on the first N images alone")
    arguments = parser.parse_args()
    if arguments.train:
        train(arguments.train, arguments.save, arguments.epochs, arguments.limit)
    elif arguments.weights and arguments.images:
        network, normalization = load(arguments.weights)
        found = np.asarray(predict(network, read_images(arguments.images), normalization)).argmax(1)
        if arguments.labels:
            labels = read_idx(arguments.labels)
            print(f"accuracy: {(found == labels).mean():.2%} of {len(labels)} images")
        else:
            print("\n".join(CLASSES[index] for index in found))
    else:
        parser.error("give --weights with --images, or --train")


if __name__ == "__main__":
    main()
